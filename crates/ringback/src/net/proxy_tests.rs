//! What a proxy's address says, and what is said to a proxy.

use super::*;

fn proxy(address: &str) -> Proxy {
    address.parse().unwrap()
}

#[test]
fn addresses_are_taken_apart() {
    let full = proxy("socks5h://ann:s%40cr%3At@[::1]:9050/");
    assert_eq!(
        (full.kind, full.host.as_str(), full.port),
        (Kind::Socks5, "::1", 9050)
    );
    assert_eq!(full.user, Some(("ann".into(), "s@cr:t".into())));
    assert!(!format!("{full:?}").contains("cr"), "{full:?}");
    let short = proxy("proxy.example");
    assert_eq!(
        (short.kind, short.host.as_str(), short.port),
        (Kind::Http, "proxy.example", 8080)
    );
    for bad in [
        "",
        "https://x",
        "ftp://x",
        "http://",
        "socks5://ann@x",
        "http://sec%zz@x",
        "http://sec:ret@x/y",
    ] {
        let error = bad.parse::<Proxy>().unwrap_err().to_string();
        assert!(!error.contains("sec"), "{error}");
    }
}

#[test]
fn the_environment_is_read_as_it_is_meant() {
    let var = |set: &'static [(&str, &str)]| {
        move |name: &str| {
            set.iter()
                .find(|(of, _)| *of == name)
                .map(|(_, value)| (*value).to_owned())
        }
    };
    let ask = |tls, host: &str, set| {
        Proxy::from_env(tls, host, var(set))
            .unwrap()
            .map(|proxy| proxy.host)
    };
    let set: &[_] = &[
        ("HTTPS_PROXY", "http://a"),
        ("all_proxy", "socks5://b"),
        ("NO_PROXY", "x.org, .y.org"),
    ];
    assert_eq!(ask(true, "api.telegram.org", set).as_deref(), Some("a"));
    assert_eq!(ask(false, "localhost", set).as_deref(), Some("b"));
    for host in ["x.org", "api.x.org", "y.org", "a.y.org"] {
        assert_eq!(ask(true, host, set), None, "{host}");
    }
    assert_eq!(ask(true, "max.org", set).as_deref(), Some("a"));
    assert_eq!(ask(true, "x", &[]), None);
    assert_eq!(ask(true, "x", &[("ALL_PROXY", "a"), ("NO_PROXY", "*")]), None);
    assert!(Proxy::from_env(true, "x", var(&[("ALL_PROXY", "ftp://a")])).is_err());
}

#[test]
fn base64_is_the_standards() {
    // RFC 4648, 10.
    for (plain, coded) in [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ] {
        assert_eq!(base64(plain.as_bytes()), coded);
    }
}

/// What a proxy is told, when it says this.
async fn talk(proxy: &Proxy, says: &[u8], host: &str) -> (Vec<u8>, Result<(), BoxError>) {
    let (mut ours, mut theirs) = tokio::io::duplex(64 * 1024);
    theirs.write_all(says).await.unwrap();
    theirs.shutdown().await.unwrap();
    let result = proxy.tunnel(&mut ours, host, 443).await;
    drop(ours);
    let mut told = Vec::new();
    theirs.read_to_end(&mut told).await.unwrap();
    (told, result)
}

#[tokio::test]
async fn an_http_proxy_is_asked_for_a_tunnel() {
    let (told, result) = talk(
        &proxy("http://ann:secret@x"),
        b"HTTP/1.1 200 OK\r\nvia: x\r\n\r\n",
        "api.org",
    )
    .await;
    result.unwrap();
    let expected = "CONNECT api.org:443 HTTP/1.1\r\nhost: api.org:443\r\n\
                    proxy-authorization: Basic YW5uOnNlY3JldA==\r\n\r\n";
    assert_eq!(String::from_utf8(told).unwrap(), expected);
    let (told, result) = talk(&proxy("http://x"), b"HTTP/1.0 403 No\r\n\r\n", "::1").await;
    assert!(told.starts_with(b"CONNECT [::1]:443 HTTP/1.1\r\n"));
    assert_eq!(
        result.unwrap_err().to_string(),
        "the proxy refuses the tunnel (403)"
    );
    for (says, why) in [
        (&b"HTTP/1.1 407 Who\r\n\r\n"[..], "(407)"),
        (b"HTTP/1.1 2", "closed"),
        (b"SSH-2.0\r\n\r\n", ""),
        (&[b'x'; 20_000], "too large"),
    ] {
        let error = talk(&proxy("http://x:secret@x"), says, "x")
            .await
            .1
            .unwrap_err()
            .to_string();
        assert!(error.contains(why) && !error.contains("secret"), "{error}");
    }
}

#[tokio::test]
async fn a_socks_proxy_is_asked_for_a_tunnel() {
    let says = [&[5, 2, 1, 0][..], &[5, 0, 0, 3, 1, b'x', 0, 0]].concat();
    let (told, result) = talk(&proxy("socks5://ann:secret@x"), &says, "api.org").await;
    result.unwrap();
    let expected = [
        &[5, 2, 0, 2, 1, 3][..],
        b"ann\x06secret",
        &[5, 1, 0, 3, 7],
        b"api.org",
        &[1, 187],
    ]
    .concat();
    assert_eq!(told, expected);
    // Without a password, to an address.
    let says = [&[5, 0][..], &[5, 0, 0, 1, 1, 2, 3, 4, 0, 0]].concat();
    let (told, result) = talk(&proxy("socks5://x"), &says, "10.0.0.1").await;
    result.unwrap();
    assert_eq!(told, [5, 1, 0, 5, 1, 0, 1, 10, 0, 0, 1, 1, 187]);

    for (says, why) in [
        (&[5, 0, 5, 5, 0, 1][..], "connection refused"),
        (&[5, 0xff], "wants a user"),
        (&[4, 0], "not speak"),
        (&[5, 2, 1, 1], "does not take"),
        (&[5, 0, 5, 0, 0, 9], "malformed"),
        (&[5], "closed"),
    ] {
        let ann = proxy("socks5://ann:secret@x");
        let error = talk(&ann, says, "x").await.1.unwrap_err().to_string();
        assert!(
            error.contains(why) && !error.contains("secret"),
            "{error}, not {why}"
        );
    }
    let long = "x".repeat(256);
    assert!(talk(&proxy("socks5://x"), &[5, 0], &long).await.1.is_err());
}
