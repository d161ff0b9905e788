//! The server under test as a process: started, measured from outside, ended.

use std::error::Error;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    child: Child,
    ready: PathBuf,
}

impl Server {
    pub(crate) fn start(binary: &Path) -> Result<Self, Box<dyn Error>> {
        let ready = std::env::temp_dir().join(format!("ringback-bench-{}.json", std::process::id()));
        let _ = fs::remove_file(&ready);
        let mut child = Command::new(binary)
            .args(["dev", "--port", "0", "--seed", "1", "--ready-file"])
            .arg(&ready)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| format!("failed to start {}: {error}", binary.display()))?;
        let end = Instant::now() + Duration::from_secs(30);
        let text = loop {
            match fs::read_to_string(&ready) {
                Ok(text) if !text.trim().is_empty() => break text,
                _ => {}
            }
            if let Some(status) = child.try_wait()? {
                return Err(format!("{} ended: {status}", binary.display()).into());
            }
            if Instant::now() > end {
                let _ = child.kill();
                return Err("the server was not ready within 30 s".into());
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let value: serde_json::Value = serde_json::from_str(&text)?;
        let url = value["url"].as_str().ok_or("the ready file holds no url")?;
        let address = url.trim_start_matches("http://").trim_end_matches('/').parse()?;
        Ok(Self {
            address,
            child,
            ready,
        })
    }

    /// Resident memory in bytes.
    pub(crate) fn memory(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        line.split_whitespace()
            .nth(1)?
            .parse::<u64>()
            .ok()
            .map(|kib| kib * 1024)
    }

    pub(crate) fn cpu(&self) -> Option<Duration> {
        cpu(&self.child.id().to_string())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_file(&self.ready);
    }
}

/// The processor time of a process (`self`: of this one).
pub(crate) fn cpu(process: &str) -> Option<Duration> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name in the second field may hold anything, a bracket too.
    let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    // USER_HZ is 100 on every Linux that Rust runs on.
    Some(Duration::from_millis(ticks * 10))
}
