//! `cargo xtask test`: every check, one after the other, and one line of totals at the end.

mod needs;
mod servers;
mod steps;
mod tally;

use std::env;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use needs::Needs;
use steps::{STEPS, Step};
use tally::Tally;

const HELP: &str = "\
cargo xtask test [--only STEP]… [--skip STEP]… [--release]

  --only STEP   run just this step (may be given again)
  --skip STEP   leave this step out (may be given again)
  --release     build the server under test with optimisations (default: the profile that the tests
                have built already, since that is the shorter way on two cores)

What a step needs beside Rust is installed first, as `cargo xtask setup` does. Where that is not
possible, the step is skipped and says what to install; with CI set in the environment it fails.

steps:
";

/// What every step has to know.
pub(crate) struct Context {
    root: PathBuf,
    /// The server's binary, once the step `build` has made it.
    server: PathBuf,
    release: bool,
    /// Whether something missing is a failure.
    ci: bool,
    needs: Needs,
}

impl Context {
    fn new(release: bool) -> Result<Self, String> {
        let root = root();
        // This program lies in the folder that cargo builds into, wherever it is configured to be.
        let exe =
            env::current_exe().map_err(|error| format!("failed to find this program's own path: {error}"))?;
        let profile = exe.parent().ok_or("this program lies in no folder")?;
        let folder = match (release, profile.parent()) {
            (true, Some(target)) => target.join("release"),
            _ => profile.to_owned(),
        };
        let server = folder.join("ringback").with_extension(env::consts::EXE_EXTENSION);
        let ci = env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"));
        Ok(Self {
            needs: Needs::new(&root),
            root,
            server,
            release,
            ci,
        })
    }
}

fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// Runs the chosen steps. `Ok` and `Err` both come after the line of totals.
pub(crate) fn run(args: &[&str]) -> Result<String, String> {
    let (mut only, mut skip, mut release) = (Vec::new(), Vec::new(), false);
    let mut rest = args.iter();
    while let Some(&flag) = rest.next() {
        match flag {
            "--only" => only.push(step_name(rest.next())?),
            "--skip" => skip.push(step_name(rest.next())?),
            "--release" => release = true,
            "--help" | "-h" => {
                let list: Vec<_> = STEPS
                    .iter()
                    .map(|step| format!("  {:<13} {}", step.name, step.what))
                    .collect();
                return Ok(format!("{HELP}{}", list.join("\n")));
            }
            _ => return Err(format!("unknown option {flag}; see `cargo xtask test --help`")),
        }
    }
    let chosen = |step: &Step| (only.is_empty() || only.contains(&step.name)) && !skip.contains(&step.name);
    // Building the server is part of every step that runs it.
    let needs_server = STEPS.iter().any(|step| step.runs_server && chosen(step));
    let steps = STEPS
        .iter()
        .filter(|step| chosen(step) || (step.name == "build" && needs_server));

    let mut context = Context::new(release)?;
    let mut done: Vec<(&Step, Tally, Duration)> = Vec::new();
    for step in steps {
        println!("\n── {}: {}", step.name, step.what);
        let begun = Instant::now();
        let tally = if step.runs_server && done.iter().any(|(s, t, _)| s.name == "build" && t.failed > 0) {
            println!("not tried: the server was not built");
            Tally::failure()
        } else {
            (step.run)(&mut context).unwrap_or_else(|error| {
                println!("error: {error}");
                Tally::failure()
            })
        };
        done.push((step, tally, begun.elapsed()));
    }
    summary(&done)
}

fn step_name(given: Option<&&str>) -> Result<&'static str, String> {
    let name = given.ok_or("a step's name is missing after the last option")?;
    STEPS
        .iter()
        .map(|step| step.name)
        .find(|known| known == name)
        .ok_or_else(|| {
            let known: Vec<_> = STEPS.iter().map(|step| step.name).collect();
            format!("no step is called {name}; there are {}", known.join(", "))
        })
}

fn summary(done: &[(&Step, Tally, Duration)]) -> Result<String, String> {
    println!("\n── summary");
    let mut all = Tally::default();
    for (step, tally, time) in done {
        let word = match tally {
            Tally { failed: 1.., .. } => "FAIL",
            Tally { passed: 0, .. } => "skip",
            _ => "ok",
        };
        println!("{word:<5}{:<13}{tally}  {:.1} s", step.name, time.as_secs_f64());
        all = all + *tally;
    }
    let failed: Vec<_> = done
        .iter()
        .filter(|(_, tally, _)| tally.failed > 0)
        .map(|(step, ..)| step.name)
        .collect();
    if !failed.is_empty() {
        println!("{all}");
        return Err(format!("failed: {}", failed.join(", ")));
    }
    if all.passed == 0 {
        println!("{all}");
        return Err("nothing was tested".to_owned());
    }
    Ok(all.to_string())
}

/// `cargo xtask setup`: everything that any step needs.
pub(crate) fn setup() -> Result<String, String> {
    let mut needs = Needs::new(&root());
    let missing: Vec<_> = [
        needs.python_packages(),
        needs.node_packages(),
        needs.chromium().map(drop),
        needs.redis().map(drop),
        needs.postgres().map(drop),
    ]
    .into_iter()
    .filter_map(Result::err)
    .collect();
    if missing.is_empty() {
        Ok("everything the tests need is here".to_owned())
    } else {
        Err(missing.join("\n       "))
    }
}
