//! What the tests need beside Rust: found, or installed. Libraries go into the project's own folder, pinned; programs
//! come from Debian's packages, where this runs as root, and are otherwise named for the user to install.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) struct Needs {
    conformance: PathBuf,
    /// Whether the lists of packages are fresh; once a run is enough.
    apt_updated: bool,
}

impl Needs {
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            conformance: root.join("conformance"),
            apt_updated: false,
        }
    }

    /// Python 3, which runs the conformance programs; they need nothing beside it.
    pub(crate) fn python(&mut self) -> Result<PathBuf, String> {
        self.program(&["python3"], &["python3"], "Python 3")
    }

    /// The Python libraries under test, in `conformance/.deps/python`.
    pub(crate) fn python_packages(&mut self) -> Result<(), String> {
        let wanted = self.conformance.join("requirements.txt");
        let folder = self.conformance.join(".deps/python");
        let stamp = folder.join("installed.txt");
        if same_content(&wanted, &stamp) {
            return Ok(());
        }
        let python = self.python()?;
        println!(
            "installing the Python libraries of conformance/requirements.txt into conformance/.deps/python"
        );
        let venv = || run(Command::new(&python).args(["-m", "venv", "--clear"]).arg(&folder));
        if venv().is_err() {
            // Debian keeps this module apart.
            self.apt(&["python3-venv"])
                .map_err(|_| "Python's venv module is missing; install the package python3-venv")?;
            venv()?;
        }
        run(Command::new(folder.join("bin/python"))
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-input",
                "--disable-pip-version-check",
                "--requirement",
            ])
            .arg(&wanted))?;
        copy(&wanted, &stamp)
    }

    /// The Node packages under test, in `conformance/node_modules`.
    pub(crate) fn node_packages(&mut self) -> Result<(), String> {
        let wanted = self.conformance.join("package-lock.json");
        let stamp = self.conformance.join("node_modules/.installed.json");
        self.program(&["node"], &["nodejs"], "Node.js")?;
        if same_content(&wanted, &stamp) {
            return Ok(());
        }
        let npm = self.program(&["npm"], &["npm"], "npm")?;
        println!(
            "installing the Node packages of conformance/package-lock.json into conformance/node_modules"
        );
        run(Command::new(npm).arg("ci").current_dir(&self.conformance))?;
        copy(&wanted, &stamp)
    }

    /// Chromium: `$CHROMIUM`, or the first one found.
    pub(crate) fn chromium(&mut self) -> Result<PathBuf, String> {
        match env::var_os("CHROMIUM") {
            Some(path) if Path::new(&path).is_file() => Ok(path.into()),
            Some(path) => Err(format!(
                "CHROMIUM names {}, which is no file",
                path.to_string_lossy()
            )),
            None => self.program(
                &["chromium", "chromium-browser", "google-chrome"],
                &["chromium"],
                "Chromium",
            ),
        }
    }

    /// Redis.
    pub(crate) fn redis(&mut self) -> Result<PathBuf, String> {
        self.program(&["redis-server", "valkey-server"], &["redis-server"], "Redis")
    }

    /// The folder with PostgreSQL's programs, which Debian keeps off the path: the newest version's.
    pub(crate) fn postgres(&mut self) -> Result<PathBuf, String> {
        let find = || {
            let versions = fs::read_dir("/usr/lib/postgresql")
                .into_iter()
                .flatten()
                .flatten();
            let mut folders: Vec<(u32, PathBuf)> = versions
                .filter_map(|entry| {
                    Some((
                        entry.file_name().to_str()?.parse().ok()?,
                        entry.path().join("bin"),
                    ))
                })
                .filter(|(_, folder)| folder.join("initdb").is_file())
                .collect();
            folders.sort();
            let newest = folders.pop().map(|(_, folder)| folder);
            newest.or_else(|| Some(on_path("initdb")?.parent()?.to_owned()))
        };
        if let Some(found) = find() {
            return Ok(found);
        }
        let advice = "PostgreSQL is missing; install the package postgresql";
        self.apt(&["postgresql"])
            .map_err(|error| format!("{advice} ({error})"))?;
        find().ok_or_else(|| advice.to_owned())
    }

    fn program(&mut self, names: &[&str], packages: &[&str], title: &str) -> Result<PathBuf, String> {
        let find = || names.iter().find_map(|name| on_path(name));
        if let Some(found) = find() {
            return Ok(found);
        }
        let advice = format!("{title} is missing; install the package {}", packages.join(" "));
        self.apt(packages)
            .map_err(|error| format!("{advice} ({error})"))?;
        find().ok_or(advice)
    }

    fn apt(&mut self, packages: &[&str]) -> Result<(), String> {
        if on_path("apt-get").is_none() {
            return Err("there is no apt-get here".to_owned());
        }
        if !is_root() {
            return Err("only root can install it from here".to_owned());
        }
        println!("installing {} with apt-get", packages.join(" "));
        let apt = |args: &[&str]| {
            run(Command::new("apt-get")
                .args(args)
                .env("DEBIAN_FRONTEND", "noninteractive"))
        };
        if !self.apt_updated {
            apt(&["update", "--quiet"])?;
            self.apt_updated = true;
        }
        apt(&[
            &["install", "--quiet", "--yes", "--no-install-recommends"],
            packages,
        ]
        .concat())
    }
}

pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

pub(crate) fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn same_content(a: &Path, b: &Path) -> bool {
    matches!((fs::read(a), fs::read(b)), (Ok(a), Ok(b)) if a == b)
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::copy(from, to)
        .map(drop)
        .map_err(|error| format!("failed to write {}: {error}", to.display()))
}

pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let line = [command.get_program()]
        .into_iter()
        .chain(command.get_args())
        .collect::<Vec<_>>()
        .join(OsStr::new(" "));
    let line = line.to_string_lossy().into_owned();
    let status = command
        .stdin(Stdio::null())
        .status()
        .map_err(|error| format!("failed to start `{line}`: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{line}` failed: {status}"))
    }
}
