//! The steps, in the order in which they run: what fails fast comes first.

use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::thread;

use super::Context;
use super::needs::on_path;
use super::servers::Server;
use super::tally::{Count, Tally};

pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    /// Whether it needs the binary that the step `build` makes.
    pub(crate) runs_server: bool,
    pub(crate) run: fn(&mut Context) -> Result<Tally, String>,
}

pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        what: "formatting",
        runs_server: false,
        run: fmt,
    },
    Step {
        name: "clippy",
        what: "lints, every warning an error",
        runs_server: false,
        run: clippy,
    },
    Step {
        name: "unit",
        what: "unit and property tests, integration tests",
        runs_server: false,
        run: unit,
    },
    Step {
        name: "stores",
        what: "sessions in real Redis and PostgreSQL servers",
        runs_server: false,
        run: stores,
    },
    Step {
        name: "doc",
        what: "the examples in the documentation",
        runs_server: false,
        run: doc,
    },
    Step {
        name: "build",
        what: "the server that the next steps run",
        runs_server: false,
        run: build,
    },
    Step {
        name: "conformance",
        what: "unmodified aiogram and botgram against it",
        runs_server: true,
        run: conformance,
    },
    Step {
        name: "mtproto",
        what: "unmodified Telethon and GramJS against it, as users and as bots",
        runs_server: true,
        run: mtproto,
    },
    Step {
        name: "bad-input",
        what: "broken and hostile input, the others unaffected",
        runs_server: true,
        run: bad_input,
    },
    Step {
        name: "durability",
        what: "a world on disk, killed again and again",
        runs_server: true,
        run: durability,
    },
    Step {
        name: "page",
        what: "the web page in headless Chromium",
        runs_server: true,
        run: page,
    },
];

fn fmt(context: &mut Context) -> Result<Tally, String> {
    watch(cargo(context).args(["fmt", "--all", "--check"]))
}

fn clippy(context: &mut Context) -> Result<Tally, String> {
    watch(cargo(context).args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

fn unit(context: &mut Context) -> Result<Tally, String> {
    if on_path("cargo-nextest").is_some() {
        watch(cargo(context).args([
            "nextest",
            "run",
            "--workspace",
            "--no-fail-fast",
            "--no-tests",
            "pass",
        ]))
    } else {
        watch(cargo(context).args([
            "test",
            "--workspace",
            "--no-fail-fast",
            "--lib",
            "--bins",
            "--tests",
        ]))
    }
}

/// The tests that the step `unit` leaves out, for each server that can be had.
fn stores(context: &mut Context) -> Result<Tally, String> {
    let mut tally = Tally::default();
    let mut servers = Vec::new();
    match context.needs.redis() {
        Ok(program) => servers.push(Server::redis(&program)?),
        Err(missing) => tally = tally + unavailable(context, missing)?,
    }
    match context.needs.postgres() {
        Ok(programs) => servers.push(Server::postgres(&programs)?),
        Err(missing) => tally = tally + unavailable(context, missing)?,
    }
    let mut command = cargo(context);
    command.args([
        "test",
        "--package",
        "ringback",
        "--test",
        "stores",
        "--",
        "--ignored",
        "servers::",
        "tls::",
    ]);
    match servers.as_slice() {
        [] => return Ok(tally),
        // Without the other, what it takes is not run.
        [one] => drop(command.args(["--skip", "both", "--skip", other_of(one)])),
        _ => {}
    }
    command.envs(servers.iter().map(|server| server.url.clone()));
    Ok(tally + watch(&mut command)?)
}

fn other_of(server: &Server) -> &'static str {
    match server.url.0 {
        "RINGBACK_TEST_REDIS" => "postgres",
        _ => "redis",
    }
}

fn doc(context: &mut Context) -> Result<Tally, String> {
    watch(cargo(context).args(["test", "--workspace", "--no-fail-fast", "--doc"]))
}

fn build(context: &mut Context) -> Result<Tally, String> {
    let mut command = cargo(context);
    command.args(["build", "--package", "ringback-cli", "--bins"]);
    // The program by which our own client is one of the libraries under test.
    command.args(["--package", "ringback-client", "--example", "conformance"]);
    if context.release {
        command.arg("--release");
    }
    watch(&mut command)
}

fn conformance(context: &mut Context) -> Result<Tally, String> {
    libraries(context);
    python(context, "conformance/run.py")
}

fn mtproto(context: &mut Context) -> Result<Tally, String> {
    libraries(context);
    python(context, "conformance/mtproto.py")
}

/// Installs the libraries under test. What stays missing is for the programs to judge: they know which needs what.
fn libraries(context: &mut Context) {
    for missing in [context.needs.python_packages(), context.needs.node_packages()]
        .into_iter()
        .filter_map(Result::err)
    {
        println!("{missing}");
    }
}

fn bad_input(context: &mut Context) -> Result<Tally, String> {
    python(context, "conformance/bad_input.py")
}

fn durability(context: &mut Context) -> Result<Tally, String> {
    python(context, "conformance/durability.py")
}

fn page(context: &mut Context) -> Result<Tally, String> {
    let chromium = match context
        .needs
        .node_packages()
        .and_then(|()| context.needs.chromium())
    {
        Ok(chromium) => chromium,
        Err(missing) => return unavailable(context, missing),
    };
    let script = context.root.join("conformance/page_test.py");
    let python = match context.needs.python() {
        Ok(python) => python,
        Err(missing) => return unavailable(context, missing),
    };
    watch(
        Command::new(python)
            .arg(script)
            .arg("--binary")
            .arg(&context.server)
            .env("CHROMIUM", chromium),
    )
}

fn python(context: &mut Context, script: &str) -> Result<Tally, String> {
    match context.needs.python() {
        Ok(python) => watch(
            Command::new(python)
                .arg(context.root.join(script))
                .arg("--binary")
                .arg(&context.server),
        ),
        Err(missing) => unavailable(context, missing),
    }
}

fn unavailable(context: &Context, missing: String) -> Result<Tally, String> {
    if context.ci {
        return Err(missing);
    }
    println!("skipped: {missing}");
    Ok(Tally::skip())
}

fn cargo(context: &Context) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(&context.root);
    command
}

/// Runs a command, prints what it prints line by line, and counts the tests it tells of. A command that tells of none
/// is one check itself; one that fails without a failed test (it did not compile, say) is one failure.
fn watch(command: &mut Command) -> Result<Tally, String> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .spawn()
        .map_err(|error| format!("failed to start {name}: {error}"))?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let tally = thread::scope(|scope| {
        let readers = [scope.spawn(|| pass_on(out)), scope.spawn(|| pass_on(err))];
        readers
            .into_iter()
            .map(|reader| reader.join().unwrap_or_default())
            .fold(Tally::default(), |a, b| a + b)
    });
    let status = child
        .wait()
        .map_err(|error| format!("failed to wait for {name}: {error}"))?;
    Ok(match (status.success(), tally) {
        (true, tally) if tally.is_empty() => Tally::success(),
        (false, Tally { failed: 0, .. }) => {
            println!("{name}: {status}");
            tally + Tally::failure()
        }
        (_, tally) => tally,
    })
}

fn pass_on(stream: Option<impl Read>) -> Tally {
    let mut count = Count::default();
    let Some(stream) = stream else {
        return count.total();
    };
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    while matches!(reader.read_until(b'\n', &mut line), Ok(1..)) {
        count.line(&String::from_utf8_lossy(&line));
        // Nothing is lost when nobody reads: the exit code still tells.
        let _ = io::stdout().lock().write_all(&line);
        line.clear();
    }
    count.total()
}
