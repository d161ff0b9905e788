//! Ringback's own chores: `cargo xtask <command>`.

mod codegen;
#[cfg(test)]
mod deps;
mod test;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <command>

commands:
  codegen            write the generated code of crates/botapi and crates/tl from their schemas
  codegen --check    write nothing; fail and name the files that are out of date
  test               every check there is: what a person runs, and what the CI runs (`test --help`)
  setup              install what the tests need beside Rust: pinned, inside this folder where possible
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match args.as_slice() {
        ["codegen"] => codegen::write(),
        ["codegen", "--check"] => codegen::check(),
        ["test", rest @ ..] => test::run(rest),
        ["setup"] => test::setup(),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("unknown command: {}\n\n{HELP}", args.join(" "));
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
