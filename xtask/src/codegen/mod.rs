//! Code for `crates/botapi`, and the shortcuts of `crates/ringback`, from `crates/botapi/schema`; and for `crates/tl`, by
//! its own generator (`crates/tl/gen`).
//!
//! `bot-api.txt` says what exists, `docs.txt` says it in prose; [`schema`] and [`docs`] read them, [`emit`] writes
//! Rust. The result is formatted by `rustfmt` and committed, so that it is read and reviewed like any other code.

mod docs;
mod emit;
mod names;
mod schema;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A failure, ready to be shown.
pub(crate) type Error = String;

/// Where generated files lie, and nothing else does.
const BOTAPI: &str = "crates/botapi/src/generated";
const RINGBACK: &str = "crates/ringback/src/generated";

/// Paths relative to the workspace's root, with their content.
type Files = BTreeMap<PathBuf, String>;

fn root() -> PathBuf {
    // xtask/ lies in the root of the workspace.
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root
}

/// Writes the generated files, and removes those that are no longer generated.
pub(crate) fn write() -> Result<String, Error> {
    let bot_api = write_bot_api()?;
    let changed = ringback_tl_gen::write(&tl()).map_err(|error| error.to_string())?;
    Ok(format!(
        "Bot API: {bot_api}\ncrates/tl: {} changed",
        changed.len()
    ))
}

fn tl() -> PathBuf {
    root().join("crates/tl")
}

fn write_bot_api() -> Result<String, Error> {
    let (files, out) = (generate()?, root());
    let changed = stale(&files, &out)?;
    for path in &changed {
        let target = out.join(path);
        match files.get(path) {
            Some(content) => write_file(&target, content)?,
            None => {
                fs::remove_file(&target).map_err(|e| format!("failed to remove {}: {e}", target.display()))?
            }
        }
    }
    Ok(format!("{} files, {} changed", files.len(), changed.len()))
}

/// Compares the generated files with what the schemas ask for.
pub(crate) fn check() -> Result<String, Error> {
    let bot_api = check_bot_api();
    let tl = check_tl();
    match (bot_api, tl) {
        (Ok(bot_api), Ok(tl)) => Ok(format!("Bot API: {bot_api}\ncrates/tl: {tl}")),
        (bot_api, tl) => {
            let wrong: Vec<Error> = [bot_api.err(), tl.err()].into_iter().flatten().collect();
            Err(wrong.join("\n"))
        }
    }
}

fn check_tl() -> Result<String, Error> {
    let files = ringback_tl_gen::generate(&tl()).map_err(|error| error.to_string())?;
    report("crates/tl", files.len(), &ringback_tl_gen::stale(&tl(), &files))
}

fn check_bot_api() -> Result<String, Error> {
    let files = generate()?;
    let changed = stale(&files, &root())?;
    report("", files.len(), &changed)
}

/// Says which files, of how many, are out of date in a folder.
fn report(folder: &str, total: usize, stale: &[PathBuf]) -> Result<String, Error> {
    if stale.is_empty() {
        return Ok(format!("{total} files, all up to date"));
    }
    let names: Vec<String> = stale
        .iter()
        .map(|path| format!("  {}", Path::new(folder).join(path).display()))
        .collect();
    Err(format!(
        "generated code is out of date; run `cargo xtask codegen`:\n{}",
        names.join("\n")
    ))
}

fn stale(files: &Files, out: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut stale: Vec<PathBuf> = Vec::new();
    for (path, content) in files {
        if fs::read_to_string(out.join(path)).ok().as_ref() != Some(content) {
            stale.push(path.clone());
        }
    }
    let mut present = Vec::new();
    for dir in [BOTAPI, RINGBACK] {
        list(&out.join(dir), &mut present)?;
    }
    stale.extend(
        present
            .iter()
            .filter_map(|path| path.strip_prefix(out).ok())
            .filter(|path| !files.contains_key(*path))
            .map(Path::to_path_buf),
    );
    Ok(stale)
}

fn list(dir: &Path, into: &mut Vec<PathBuf>) -> Result<(), Error> {
    if !dir.exists() {
        return Ok(());
    }
    let entries = fs::read_dir(dir).map_err(|e| format!("failed to read {}: {e}", dir.display()))?;
    for entry in entries {
        let path = entry
            .map_err(|e| format!("failed to read {}: {e}", dir.display()))?
            .path();
        if path.is_dir() {
            list(&path, into)?;
        } else {
            into.push(path);
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|e| format!("failed to read {}: {e}", path.display()))
}

fn write_file(path: &Path, content: &str) -> Result<(), Error> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|e| format!("failed to create {}: {e}", parent.display()))?;
    }
    fs::write(path, content).map_err(|e| format!("failed to write {}: {e}", path.display()))
}

fn generate() -> Result<Files, Error> {
    let dir = root().join("crates/botapi/schema");
    let schema = schema::parse(&read(&dir.join("bot-api.txt"))?).map_err(|e| format!("bot-api.txt: {e}"))?;
    let docs = docs::parse(&read(&dir.join("docs.txt"))?).map_err(|e| format!("docs.txt: {e}"))?;
    docs.check(&schema).map_err(|e| format!("docs.txt: {e}"))?;
    format_all(emit::emit(&schema, &docs)?)
}

/// Formats with the workspace's own settings, in a scratch directory: a check must not touch the tree.
fn format_all(files: Files) -> Result<Files, Error> {
    let scratch = root().join(format!("target/codegen-{}", std::process::id()));
    let formatted = format_in(&scratch, files);
    // Best effort: the directory is under target/.
    let _ = fs::remove_dir_all(&scratch);
    formatted
}

fn format_in(scratch: &Path, files: Files) -> Result<Files, Error> {
    for (path, content) in &files {
        write_file(&scratch.join(path), content)?;
    }
    let status = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(root())
        .args(files.keys().map(|path| scratch.join(path)))
        .status()
        .map_err(|e| format!("failed to run rustfmt (is the component installed?): {e}"))?;
    if !status.success() {
        return Err(format!("rustfmt failed on generated code: {status}"));
    }
    files
        .into_keys()
        .map(|path| read(&scratch.join(&path)).map(|content| (path, content)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::schema::Kind;

    #[test]
    fn the_schema_holds_the_whole_api() {
        let text = super::read(&super::root().join("crates/botapi/schema/bot-api.txt")).unwrap();
        let schema = super::schema::parse(&text).unwrap();
        let count = |test: fn(&Kind) -> bool| schema.entries().filter(|entry| test(&entry.kind)).count();
        // As many as the official page lists for 10.3.
        let is_type = |kind: &Kind| {
            matches!(
                kind,
                Kind::Object { .. } | Kind::Union { named: true, .. } | Kind::Special
            )
        };
        assert_eq!(count(is_type), 400);
        assert_eq!(count(|kind| matches!(kind, Kind::Method { .. })), 185);
    }

    #[test]
    fn generated_code_is_up_to_date() {
        super::check().unwrap();
    }
}
