//! The command as its users meet it: what it prints, and its exit codes.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::net::TcpListener;
use std::process::{Command, Output};

fn ringback(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ringback"));
    // What the tester has set must not change what is tested.
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("RINGBACK_")) {
        command.env_remove(name);
    }
    command.args(arguments).output().unwrap()
}

fn code(arguments: &[&str]) -> Option<i32> {
    ringback(arguments).status.code()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn exec_passes_the_exit_code_on() {
    let run = |script| code(&["exec", "--port", "0", "--", "sh", "-c", script]);
    assert_eq!(run("exit 0"), Some(0));
    assert_eq!(run("exit 7"), Some(7));
    assert_eq!(
        run("kill -9 $$"),
        Some(137),
        "as a shell has it: 128 and the signal's number"
    );
}

#[test]
fn exec_tells_the_program_where_it_is() {
    let script = r#"test -n "$BOT_TOKEN" && test "$API_BASE" = "$RINGBACK_URL" && case "$NODE_OPTIONS" in *--require*) ;; *) exit 1 ;; esac"#;
    assert_eq!(
        code(&[
            "exec",
            "--port",
            "0",
            "--token",
            "42:secret",
            "--",
            "sh",
            "-c",
            script
        ]),
        Some(0)
    );
}

#[test]
fn a_program_that_is_not_there() {
    let output = ringback(&["exec", "--port", "0", "--", "no-such-program"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("no-such-program"));
}

#[test]
fn nobody_answers() {
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("http://127.0.0.1:{port}");
    assert_eq!(code(&["ready", "--url", &url]), Some(3));
    let output = ringback(&["-o", "json", "press", "@bot", "x", "--as", "@ann", "--url", &url]);
    assert_eq!(output.status.code(), Some(3));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(told["error"]["hint"].as_str().unwrap().contains("ringback dev"));
}

#[test]
fn a_port_that_is_taken() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = ringback(&["dev", "--port", &port]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("--port"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn a_command_line_that_makes_no_sense() {
    assert_eq!(code(&["exec", "--port", "0"]), Some(2));
    assert_eq!(code(&["dev", "--answer-timeout", "soon"]), Some(2));
}

#[test]
fn the_demo_presses_by_itself() {
    let output = ringback(&["demo", "--once", "--port", "0", "-o", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let said: Vec<_> = told["journey"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["press"]["answer"]["text"].as_str().unwrap())
        .collect();
    assert_eq!(
        said,
        ["Volume: 60", "Volume: 50", "Permission denied.", "Volume: 60"]
    );
    for one in told["journey"].as_array().unwrap() {
        let steps: Vec<_> = one["steps"]
            .as_array()
            .unwrap()
            .iter()
            .map(|step| step["kind"].as_str().unwrap())
            .collect();
        assert_eq!(steps[..4], ["press", "update_queued", "update_delivered", "call"]);
    }
}
