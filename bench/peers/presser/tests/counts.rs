//! A bot that does everything wrong, and whether the presser sees it.

use std::process::Command;

use serde_json::Value;

#[test]
fn every_fault_is_counted() {
    let output = Command::new(env!("CARGO_BIN_EXE_bench-presser"))
        .args([
            "--mode",
            "poll",
            "--presses",
            "20",
            "--chats",
            "1",
            "--stall-s",
            "1",
            "--name",
            "bad",
            "--",
        ])
        .arg(env!("CARGO_BIN_EXE_bad-bot"))
        .output()
        .expect("the presser runs");
    assert!(!output.status.success(), "a press is missing");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    for (field, count) in [
        ("presses", 20),
        ("answered", 19),
        ("missing", 1),
        ("duplicates", 1),
        ("wrong_text", 1),
        ("unknown_id", 1),
        ("handed_out_again", 20),
        ("out_of_order", 18),
        ("most_in_flight", 20),
    ] {
        assert_eq!(report[field], count, "{field}: {report}");
    }
    assert_eq!(report["error"], "stalled");
}
