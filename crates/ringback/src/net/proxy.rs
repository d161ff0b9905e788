//! [`Proxy`]: the way to the API server through another.

use std::fmt;
use std::str::FromStr;

use http::Uri;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::error::{BoxError, Error};

/// A proxy between the bot and the API server: HTTP (`CONNECT`, RFC 9110, 9.3.6) or SOCKS 5 (RFC 1928).
///
/// ```
/// # fn example() -> Result<(), ringback::Error> {
/// use ringback::{Bot, Proxy};
///
/// let proxy: Proxy = "socks5://ann:secret@127.0.0.1:1080".parse()?;
/// let bot = Bot::builder("7000000001:AAE-the-rest-of-the-token").proxy(proxy).build()?;
/// # Ok(()) }
/// ```
///
/// The address is `http://`, `socks5://` or `socks5h://`, a user and a password if the proxy wants them (with `%` and
/// two hexadecimal digits for what can't stand there), a host and a port (default: 8080 and 1080). It is the proxy that
/// looks up the API server's name, in all three. Calls go through a tunnel, to an `https://` server and to an `http://`
/// one; the proxy sees nothing of what goes to the former. The way to the proxy itself is not encrypted.
///
/// No proxy is used unless the bot is given one, or told to [ask the environment](crate::Builder::proxy_from_env).
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    kind: Kind,
    pub(super) host: String,
    pub(super) port: u16,
    user: Option<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Http,
    Socks5,
}

impl FromStr for Proxy {
    type Err = Error;

    fn from_str(address: &str) -> Result<Self, Error> {
        // The address is not repeated: a password may be in it.
        let wrong = |why: &str| {
            Error::Config(format!(
                "the proxy's address {why}; it looks like socks5://user:password@127.0.0.1:1080"
            ))
        };
        let (scheme, rest) = address.split_once("://").unwrap_or(("http", address));
        let kind = match scheme.to_ascii_lowercase().as_str() {
            "http" => Kind::Http,
            "socks5" | "socks5h" => Kind::Socks5,
            _ => return Err(wrong("starts with none of http://, socks5:// and socks5h://")),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (user, authority) = match rest.rsplit_once('@') {
            Some((user, authority)) => {
                let (name, password) = user.split_once(':').unwrap_or((user, ""));
                let decode = |text| decode(text).ok_or_else(|| wrong("has a user that can't be read"));
                (Some((decode(name)?, decode(password)?)), authority)
            }
            None => (None, rest),
        };
        if kind == Kind::Socks5
            && let Some((name, password)) = &user
            && !((1..=255).contains(&name.len()) && (1..=255).contains(&password.len()))
        {
            return Err(wrong("has a user or password that has not 1 to 255 bytes"));
        }
        let uri: Uri = authority.parse().map_err(|_| wrong("has no host and port"))?;
        let host = uri.host().filter(|host| !host.is_empty());
        if uri.path_and_query().is_some_and(|path| path != "/") {
            return Err(wrong("has a path"));
        }
        Ok(Proxy {
            kind,
            host: host
                .ok_or_else(|| wrong("has no host"))?
                .trim_matches(['[', ']'])
                .to_owned(),
            port: uri.port_u16().unwrap_or(match kind {
                Kind::Http => 8080,
                Kind::Socks5 => 1080,
            }),
            user,
        })
    }
}

impl Proxy {
    /// What the environment says for this server: `HTTPS_PROXY` for an `https://` one, else `ALL_PROXY` (or either in
    /// small letters), unless `NO_PROXY` names it.
    pub(crate) fn from_env(
        tls: bool,
        host: &str,
        var: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, Error> {
        let either = |name: &str| {
            let set = var(name).or_else(|| var(&name.to_ascii_lowercase()));
            set.filter(|value| !value.is_empty())
        };
        let address = tls
            .then(|| either("HTTPS_PROXY"))
            .flatten()
            .or_else(|| either("ALL_PROXY"));
        let direct = either("NO_PROXY").is_some_and(|list| {
            list.split(',').map(str::trim).any(|name| {
                let name = name.trim_start_matches('.');
                let under = |host: &str| host.strip_suffix(name).is_some_and(|sub| sub.ends_with('.'));
                name == "*" || (!name.is_empty() && (host == name || under(host)))
            })
        });
        address
            .filter(|_| !direct)
            .map(|address| address.parse())
            .transpose()
    }

    /// Asks for a tunnel to this host and port. After that the stream is as one to the server itself.
    pub(super) async fn tunnel<S>(&self, stream: &mut S, host: &str, port: u16) -> Result<(), BoxError>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        match self.kind {
            Kind::Http => self.connect(stream, host, port).await,
            Kind::Socks5 => self.socks(stream, host, port).await,
        }
    }

    async fn connect<S>(&self, stream: &mut S, host: &str, port: u16) -> Result<(), BoxError>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let authority = match host.contains(':') {
            true => format!("[{host}]:{port}"),
            false => format!("{host}:{port}"),
        };
        let mut request = format!("CONNECT {authority} HTTP/1.1\r\nhost: {authority}\r\n");
        if let Some((name, password)) = &self.user {
            request.push_str("proxy-authorization: Basic ");
            request.push_str(&base64(format!("{name}:{password}").as_bytes()));
            request.push_str("\r\n");
        }
        request.push_str("\r\n");
        stream.write_all(request.as_bytes()).await?;
        stream.flush().await?;
        // Byte by byte: what follows the head is the tunnel's.
        let mut head = Vec::with_capacity(256);
        while !head.ends_with(b"\r\n\r\n") {
            if head.len() > MAX_HEAD {
                return Err("the proxy's response is too large".into());
            }
            head.push(stream.read_u8().await.map_err(closed)?);
        }
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut response = httparse::Response::new(&mut headers);
        response.parse(&head)?;
        match response.code {
            Some(200..=299) => Ok(()),
            Some(407) => Err("the proxy wants another user and password (407)".into()),
            code => Err(format!("the proxy refuses the tunnel ({})", code.unwrap_or_default()).into()),
        }
    }

    async fn socks<S>(&self, stream: &mut S, host: &str, port: u16) -> Result<(), BoxError>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        const NONE: u8 = 0;
        const PASSWORD: u8 = 2;
        let methods: &[u8] = match self.user {
            Some(_) => &[5, 2, NONE, PASSWORD],
            None => &[5, 1, NONE],
        };
        stream.write_all(methods).await?;
        stream.flush().await?;
        let mut chosen = [0; 2];
        stream.read_exact(&mut chosen).await.map_err(closed)?;
        match (chosen, &self.user) {
            ([5, NONE], _) => {}
            // RFC 1929
            ([5, PASSWORD], Some((name, password))) => {
                let mut login = vec![1];
                push(&mut login, name)?;
                push(&mut login, password)?;
                stream.write_all(&login).await?;
                stream.flush().await?;
                let mut granted = [0; 2];
                stream.read_exact(&mut granted).await.map_err(closed)?;
                if granted[1] != 0 {
                    return Err("the proxy does not take this user and password".into());
                }
            }
            ([5, _], _) => {
                return Err("the proxy wants a user and password, or a way in that is not known here".into());
            }
            _ => return Err("the proxy does not speak SOCKS 5".into()),
        }
        let mut request = vec![5, 1, 0];
        match host.parse() {
            Ok(std::net::IpAddr::V4(ip)) => {
                request.push(1);
                request.extend_from_slice(&ip.octets());
            }
            Ok(std::net::IpAddr::V6(ip)) => {
                request.push(4);
                request.extend_from_slice(&ip.octets());
            }
            Err(_) => {
                request.push(3);
                push(&mut request, host)?;
            }
        }
        request.extend_from_slice(&port.to_be_bytes());
        stream.write_all(&request).await?;
        stream.flush().await?;
        let mut reply = [0; 4];
        stream.read_exact(&mut reply).await.map_err(closed)?;
        if reply[0] != 5 {
            return Err("the proxy does not speak SOCKS 5".into());
        }
        if reply[1] != 0 {
            return Err(format!("the proxy can't reach the server: {}", reason(reply[1])).into());
        }
        // Where the proxy is bound: of no use, but it must be read.
        let rest = match reply[3] {
            1 => 4,
            4 => 16,
            3 => usize::from(stream.read_u8().await.map_err(closed)?),
            _ => return Err("the proxy's reply is malformed".into()),
        } + 2;
        let mut bound = [0; 257];
        stream.read_exact(&mut bound[..rest]).await.map_err(closed)?;
        Ok(())
    }
}

impl fmt::Debug for Proxy {
    /// Without user and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}:{}", self.kind, self.host, self.port)
    }
}

/// The largest head of a proxy's response.
const MAX_HEAD: usize = 16 * 1024;

fn closed(error: std::io::Error) -> BoxError {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => "the proxy has closed the connection".into(),
        _ => error.into(),
    }
}

/// With its length before it.
fn push(bytes: &mut Vec<u8>, text: &str) -> Result<(), BoxError> {
    bytes.push(u8::try_from(text.len()).map_err(|_| "a name is too long for SOCKS 5")?);
    bytes.extend_from_slice(text.as_bytes());
    Ok(())
}

/// RFC 1928, 6.
fn reason(code: u8) -> &'static str {
    match code {
        1 => "general failure",
        2 => "not allowed by its rules",
        3 => "network unreachable",
        4 => "host unreachable",
        5 => "connection refused",
        6 => "time to live expired",
        7 => "it makes no tunnels",
        8 => "it does not know this kind of address",
        _ => "it does not say why",
    }
}

/// `%41` as `A`.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let (high, low) = (digit()?, digit()?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// RFC 4648, 4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            match at <= three.len() {
                true => text.push(char::from(DIGITS[(bits >> (18 - 6 * at) & 63) as usize])),
                false => text.push('='),
            }
        }
    }
    text
}

#[cfg(test)]
#[path = "proxy_tests.rs"]
mod tests;
