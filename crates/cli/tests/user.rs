//! Pressing and sessions, against a running demo.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const BOT: &str = "@volume_knob_bot";

/// A demo that ends with the test.
struct Demo {
    child: Child,
    folder: PathBuf,
    url: String,
}

impl Demo {
    fn start(name: &str) -> Demo {
        let folder = std::env::temp_dir().join(format!("ringback-user-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let ready = folder.join("ready.json");
        let mut command = clean();
        command.args(["demo", "--port", "0", "--ready-file"]).arg(&ready);
        let child = command.stdout(Stdio::null()).spawn().unwrap();
        let mut demo = Demo {
            child,
            folder,
            url: String::new(),
        };
        let end = Instant::now() + Duration::from_secs(60);
        while demo.url.is_empty() {
            assert!(Instant::now() < end, "the demo does not start");
            if let Ok(text) = std::fs::read_to_string(&ready) {
                let told: Value = serde_json::from_str(&text).unwrap();
                demo.url = told["url"].as_str().unwrap().to_owned();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        // The keyboard is there when the bot has answered its first message.
        let shown = || {
            demo.run(&["press", BOT, "Turn up", "--as", "ann"])
                .status
                .success()
        };
        while !shown() {
            assert!(Instant::now() < end, "the demo's bot does not answer");
        }
        demo
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = clean();
        command.args(arguments).env("RINGBACK_URL", &self.url);
        command.current_dir(&self.folder);
        command
    }

    /// With these lines on standard input.
    fn answering(&self, arguments: &[&str], lines: &str) -> Output {
        let mut command = self.command(arguments);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A person of the local Telegram, made by its control API.
    fn person(&self, body: &str) {
        use std::io::Read;
        let address = self.url.strip_prefix("http://").unwrap();
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        let head = format!(
            "POST /_ringback/v1/users HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 2"), "{answer}");
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn clean() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ringback"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("RINGBACK_")) {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

fn both(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn presses_travel_either_way() {
    let demo = Demo::start("press");
    for via in ["mtproto", "control"] {
        for aim in [&["Turn up"][..], &["--row", "0", "--column", "0"]] {
            let mut arguments = vec!["-o", "json", "press", BOT, "--as", "ann", "--via", via];
            arguments.extend(aim);
            let output = demo.run(&arguments);
            assert_eq!(output.status.code(), Some(0), "{}", both(&output));
            let told = json(&output);
            assert_eq!(told["outcome"], "answered", "{told}");
            assert!(
                told["answer"]["text"].as_str().unwrap().starts_with("Volume: "),
                "{told}"
            );
            assert_eq!(told["answer"]["show_alert"], false, "{told}");
        }
    }
}

#[test]
fn what_goes_wrong_says_what_to_do() {
    let demo = Demo::start("wrong");
    let fails = |arguments: &[&str], code: i32, says: &str| {
        let output = demo.run(arguments);
        assert_eq!(output.status.code(), Some(code), "{}", both(&output));
        assert!(
            both(&output).contains(says),
            "{} does not say {says}",
            both(&output)
        );
    };
    fails(&["press", BOT, "Mute", "--as", "ann"], 1, "Turn down");
    fails(&["press", BOT, "Turn", "--as", "ann"], 1, "--row");
    fails(
        &["press", BOT, "--row", "9", "--column", "0", "--as", "ann"],
        1,
        "Turn down",
    );
    fails(
        &["press", BOT, "Turn up", "--as", "ann", "--message", "4437"],
        1,
        "message 4437",
    );
    fails(&["press", "@no_such_bot", "x", "--as", "ann"], 1, "no_such_bot");
    fails(&["press", BOT, "x", "--as", "nobody_here"], 1, "nobody_here");
    fails(
        &["press", BOT, "--data", "x", "--as", "ann"],
        1,
        "Fetch the message again",
    );
    fails(
        &["-o", "json", "press", BOT, "--data", "x", "--as", "ann"],
        1,
        "DATA_INVALID",
    );
    fails(&["press", BOT, "x"], 2, "--as");
    fails(&["press", BOT, "--as", "ann"], 2, "BUTTON");
    fails(&["press", BOT, "x", "--session", "none"], 5, "RINGBACK_API_ID");
    fails(&["session", "show", "--session", "none"], 5, "session login");
    std::fs::write(demo.file("broken"), "ringback1:secret").unwrap();
    let output = demo.run(&["session", "show", "--session", "broken"]);
    assert!(
        !output.status.success() && !both(&output).contains("secret"),
        "{}",
        both(&output)
    );
}

#[test]
fn a_ready_made_session_presses_and_ends() {
    let demo = Demo::start("ready");
    let made = demo.run(&["session", "new", "--as", "ann", "--session", "ann"]);
    assert!(made.status.success(), "{}", both(&made));
    assert_eq!(mode(&demo.file("ann")), 0o600);
    let text = std::fs::read_to_string(demo.file("ann")).unwrap();
    let key = text.trim().rsplit(':').next().unwrap();
    let shown = demo.run(&["-o", "json", "session", "show", "--session", "ann"]);
    assert!(!both(&shown).contains(key), "the key is not shown");
    assert_eq!(json(&shown)["server"], "local");
    let output = demo.run(&["press", BOT, "Turn up", "--session", "ann"]);
    assert!(output.status.success(), "{}", both(&output));
    for (library, length) in [("telethon", 353), ("gramjs", 353), ("pyrogram", 362)] {
        let output = demo.run(&["session", "convert", "--for", library, "--session", "ann"]);
        assert_eq!(output.stdout.trim_ascii().len(), length, "{}", both(&output));
    }
    let output = demo.run(&["session", "new", "--for", "telethon", "--as", "@ann"]);
    assert!(output.stdout.starts_with(b"1"), "{}", both(&output));
    let output = demo.run(&["session", "logout", "--session", "ann"]);
    assert!(
        output.status.success() && !demo.file("ann").exists(),
        "{}",
        both(&output)
    );
}

#[test]
fn signing_in_asks_for_code_and_password() {
    let demo = Demo::start("login");
    demo.person(r#"{"first_name": "Zoe", "username": "zoe", "phone": "+9996631234", "password": "hunter2"}"#);
    let login = ["session", "login", "--server", "local", "--session", "zoe"];
    let output = demo.answering(&login, "+9996631234\n00000\n33333\nwrong\nhunter2\n");
    assert!(output.status.success(), "{}", both(&output));
    assert!(!both(&output).contains("hunter2"));
    let again = demo.run(&login);
    assert_eq!(again.status.code(), Some(5), "{}", both(&again));
    let shown = json(&demo.run(&["-o", "json", "session", "show", "--session", "zoe"]));
    assert!(shown["user"].as_i64().unwrap() > 0);
    // Nobody to be asked: nothing is left behind.
    let login = ["session", "login", "--server", "local", "--session", "other"];
    let output = demo.answering(&login, "+9996631234\n");
    assert_eq!(output.status.code(), Some(5), "{}", both(&output));
    assert!(!demo.file("other").exists());
    // The number and the password from the environment.
    let mut command = demo.command(&login);
    command
        .env("RINGBACK_PHONE", "+9996631234")
        .env("RINGBACK_PASSWORD", "hunter2");
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"33333\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", both(&output));
}
