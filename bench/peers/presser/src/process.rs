//! The bot as a process: what it and its children cost, and how it ends. From `/proc`, so Linux only.

use std::fs;
use std::io;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::time::timeout;

/// How long a bot may take to end by itself.
const GRACE: Duration = Duration::from_millis(500);

pub(crate) struct Bot {
    child: Child,
    pid: u32,
}

/// Bytes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Memory {
    pub(crate) now: u64,
    pub(crate) peak: u64,
}

impl Bot {
    pub(crate) fn start<'a>(
        command: &[String],
        environment: impl IntoIterator<Item = (&'a str, String)>,
    ) -> io::Result<Self> {
        let (program, arguments) = command
            .split_first()
            .ok_or_else(|| io::Error::other("no bot's command after --"))?;
        let child = Command::new(program)
            .args(arguments)
            .envs(environment)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let pid = child.id().ok_or_else(|| io::Error::other("the bot has ended"))?;
        Ok(Bot { child, pid })
    }

    /// Ready when the bot has ended by itself.
    pub(crate) async fn ended(&mut self) -> io::Result<String> {
        Ok(self.child.wait().await?.to_string())
    }

    /// Processor time of the bot and its children.
    pub(crate) fn cpu(&self) -> Duration {
        tree(self.pid).into_iter().map(cpu).sum()
    }

    pub(crate) fn memory(&self) -> Memory {
        let mut sum = Memory::default();
        for pid in tree(self.pid) {
            let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
            let field = |name| {
                let line = status.lines().find(|line| line.starts_with(name));
                line.and_then(|line| line.split_ascii_whitespace().nth(1)?.parse::<u64>().ok())
                    .unwrap_or(0)
                    * 1024
            };
            sum.now += field("VmRSS:");
            sum.peak += field("VmHWM:");
        }
        sum
    }

    /// Ends the bot and its children.
    pub(crate) async fn end(mut self) {
        self.signal("-TERM").await;
        if timeout(GRACE, self.child.wait()).await.is_err() {
            self.signal("-KILL").await;
            let _ = self.child.wait().await;
        }
    }

    async fn signal(&self, signal: &str) {
        let group = format!("-{}", self.pid);
        let _ = Command::new("kill").args([signal, "--", &group]).status().await;
    }
}

/// Processor time of this process.
pub(crate) fn own_cpu() -> Duration {
    cpu(std::process::id())
}

/// Processor time that anything on this machine used since it was started, in steps of 10 ms.
pub(crate) fn machine_cpu() -> Duration {
    let stat = fs::read_to_string("/proc/stat").unwrap_or_default();
    let fields = stat.lines().next().unwrap_or_default().split_ascii_whitespace();
    // user nice system idle iowait irq softirq steal; what comes after is counted in user already
    let ticks: u64 = fields
        .skip(1)
        .take(8)
        .enumerate()
        .filter(|(field, _)| !matches!(field, 3 | 4))
        .filter_map(|(_, ticks)| ticks.parse::<u64>().ok())
        .sum();
    // USER_HZ is 100 on every Linux that Rust runs on.
    Duration::from_millis(ticks * 10)
}

/// By the scheduler's own clock, which counts nanoseconds. Threads that have ended are not in it; the bots here keep
/// theirs.
fn cpu(pid: u32) -> Duration {
    let nanoseconds = tasks(pid)
        .filter_map(|task| fs::read_to_string(task.join("schedstat")).ok())
        .filter_map(|text| text.split_ascii_whitespace().next()?.parse::<u64>().ok())
        .sum();
    Duration::from_nanos(nanoseconds)
}

/// A process and its descendants.
fn tree(pid: u32) -> Vec<u32> {
    let mut pids = vec![pid];
    let mut next = 0;
    while let Some(&pid) = pids.get(next) {
        next += 1;
        for task in tasks(pid) {
            let children = fs::read_to_string(task.join("children")).unwrap_or_default();
            pids.extend(
                children
                    .split_ascii_whitespace()
                    .filter_map(|pid| pid.parse::<u32>().ok()),
            );
        }
    }
    pids
}

fn tasks(pid: u32) -> impl Iterator<Item = std::path::PathBuf> {
    let entries = fs::read_dir(format!("/proc/{pid}/task")).ok();
    entries.into_iter().flatten().flatten().map(|entry| entry.path())
}
