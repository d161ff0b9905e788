//! Redis and PostgreSQL for the tests of the stores: each in a temporary folder, on a free port of this machine, and
//! ended by its process id.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::needs::{is_root, run};

/// How long a server may take until it listens.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that ends when this is dropped.
pub(crate) struct Server {
    /// Where it is, as the tests want to know it: a name in the environment, and a URL.
    pub(crate) url: (&'static str, String),
    child: Child,
    folder: PathBuf,
}

impl Server {
    pub(crate) fn redis(program: &Path) -> Result<Self, String> {
        let (folder, port) = (folder("redis")?, port()?);
        let mut command = Command::new(program);
        command
            .args([
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--port",
                &port.to_string(),
            ])
            .args(["--requirepass", "ringback", "--dir"])
            .arg(&folder);
        let url = format!("redis://:ringback@127.0.0.1:{port}");
        Self::start(command, folder, port, ("RINGBACK_TEST_REDIS", url))
    }

    /// `programs` is the folder that they are in.
    pub(crate) fn postgres(programs: &Path) -> Result<Self, String> {
        let (folder, port) = (folder("postgres")?, port()?);
        if is_root() {
            // PostgreSQL refuses to run as root; Debian's package has made this user.
            run(Command::new("chown").arg("postgres").arg(&folder))?;
        }
        let data = folder.join("data");
        let made = as_postgres(&programs.join("initdb"))
            .args([
                "--username=ringback",
                "--auth=trust",
                "--no-sync",
                "--encoding=UTF8",
                "--locale=C",
                "--pgdata",
            ])
            .arg(&data)
            .current_dir(&folder)
            .output()
            .map_err(|error| format!("failed to start initdb: {error}"))?;
        if !made.status.success() {
            let _ = fs::remove_dir_all(&folder);
            return Err(format!(
                "initdb failed: {}",
                String::from_utf8_lossy(&made.stderr).trim()
            ));
        }
        let mut command = as_postgres(&programs.join("postgres"));
        command
            .args([
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "fsync=off",
            ])
            .args(["-p", &port.to_string(), "-D"])
            .arg(&data)
            .current_dir(&folder);
        let url = format!("postgres://ringback@127.0.0.1:{port}/postgres");
        Self::start(command, folder, port, ("RINGBACK_TEST_POSTGRES", url))
    }

    fn start(
        mut command: Command,
        folder: PathBuf,
        port: u16,
        url: (&'static str, String),
    ) -> Result<Self, String> {
        let name = command.get_program().to_string_lossy().into_owned();
        let log = folder.join("log");
        let file = |path: &Path| {
            fs::File::create(path).map_err(|error| format!("failed to write {}: {error}", path.display()))
        };
        let child = command
            .stdin(Stdio::null())
            .stdout(file(&log)?)
            .stderr(file(&folder.join("errors"))?)
            .spawn()
            .map_err(|error| format!("failed to start {name}: {error}"))?;
        let mut server = Server { url, child, folder };
        let end = Instant::now() + PATIENCE;
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() || !server.is_ready() {
            let ended = server.child.try_wait().is_ok_and(|status| status.is_some());
            if ended || Instant::now() > end {
                let said = |file: &str| fs::read_to_string(server.folder.join(file)).unwrap_or_default();
                return Err(format!("{name} did not start: {}{}", said("log"), said("errors")));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }

    /// PostgreSQL listens before it takes anybody in; Redis does not.
    fn is_ready(&self) -> bool {
        let pid = self.folder.join("data/postmaster.pid");
        !self.folder.join("data").exists()
            || fs::read_to_string(pid)
                .is_ok_and(|text| text.lines().nth(7).is_some_and(|line| line.trim() == "ready"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // PostgreSQL's own processes end with the one that has started them, if it is told: SIGINT.
        let pid = self.child.id().to_string();
        if run(Command::new("kill").args(["-INT", &pid])).is_err() {
            let _ = self.child.kill();
        }
        let end = Instant::now() + Duration::from_secs(10);
        while self.child.try_wait().is_ok_and(|status| status.is_none()) {
            if Instant::now() > end {
                let _ = self.child.kill();
            }
            thread::sleep(Duration::from_millis(20));
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The command, not as root: the process that is started is the program itself, so its id is the program's.
fn as_postgres(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"])
        .arg(program);
    command
}

/// A new, empty folder.
fn folder(name: &str) -> Result<PathBuf, String> {
    let folder = std::env::temp_dir().join(format!("ringback-{name}-{}", std::process::id()));
    fs::create_dir(&folder).map_err(|error| format!("failed to make {}: {error}", folder.display()))?;
    Ok(folder)
}

/// A port that is free now.
fn port() -> Result<u16, String> {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| format!("there is no free port: {error}"))
}
