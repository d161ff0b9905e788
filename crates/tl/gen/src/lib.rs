//! Reads `crates/tl/schema` and writes the Rust of `ringback-tl`.
//!
//! [`generate`] does no I/O of its own beyond reading the schema folder: it returns the files, so that a
//! test can compare them with what is checked in, and a command can write them.

mod docs;
mod emit;
mod model;
mod names;
pub mod parse;
mod rules;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use docs::Docs;
use emit::Emitter;
use model::Model;
use parse::Combinator;
pub use parse::Error;
use rules::Rules;

/// The schema files of the API, in the order in which their types are declared.
pub const API: &[&str] = &[
    "session",
    "peers",
    "chats",
    "messages",
    "media",
    "keyboards",
    "bots",
    "updates",
];

/// Every generated file: its path from the crate's root, and its text.
///
/// # Errors
/// When the schema does not read, does not resolve, or contradicts itself; the error names the place.
pub fn generate(crate_root: &Path) -> Result<BTreeMap<PathBuf, String>, Error> {
    let folder = crate_root.join("schema");
    let docs = Docs::parse(&read(&folder.join("docs.txt"))?);
    let mut files = BTreeMap::new();

    let rules = Rules::parse(&read(&folder.join("rules.txt"))?)?;
    let newest = rules.layers.last().copied().unwrap_or_default();
    let (api, raw) = (lines(&folder, API)?, lines(&folder, &["raw"])?);
    let all: Vec<&Combinator> = api.iter().chain(&raw).map(|(_, line)| line).collect();
    files.insert("generated/shapes.rs".into(), emit::shapes::shapes(&all, newest)?);
    let own: Vec<Combinator> = api.iter().map(|(_, line)| line.clone()).collect();
    files.insert(
        "generated/described.rs".into(),
        emit::described::described(&own, &rules.raw)?,
    );
    let model = Model::build(rules, api)?;
    let api = Emitter {
        model: &model,
        docs: &docs,
    };
    files.extend(api.files());
    files.insert("generated/layers.rs".into(), api.layers());
    files.insert("generated/catalogue.rs".into(), api.catalogue());
    files.insert(
        "generated/methods.rs".into(),
        emit::all::methods(&read(&folder.join("methods.txt"))?)?,
    );

    for name in docs.names() {
        if !model.types.contains_key(name) && !model.ctors.iter().any(|c| &c.name == name) {
            return parse::fail(format!(
                "docs.txt describes {name}, which the schema does not have"
            ));
        }
    }
    Ok(files
        .into_iter()
        .map(|(path, text)| (Path::new("src").join(path), text))
        .collect())
}

/// All lines of some files of the schema: of [`API`], or of `raw`.
///
/// # Errors
/// When a file does not read.
pub fn schema(crate_root: &Path, files: &[&str]) -> Result<Vec<Combinator>, Error> {
    Ok(lines(&crate_root.join("schema"), files)?
        .into_iter()
        .map(|(_, line)| line)
        .collect())
}

/// The layers that `rules.txt` names.
///
/// # Errors
/// When the file does not read.
pub fn layers(crate_root: &Path) -> Result<Vec<i32>, Error> {
    Ok(Rules::parse(&read(&crate_root.join("schema/rules.txt"))?)?.layers)
}

fn lines(folder: &Path, names: &[&str]) -> Result<Vec<(String, Combinator)>, Error> {
    let mut all = Vec::new();
    for name in names {
        let file = format!("{name}.tl");
        let text = read(&folder.join(&file))?;
        all.extend(
            parse::schema(&file, &text)?
                .into_iter()
                .map(|line| ((*name).to_owned(), line)),
        );
    }
    Ok(all)
}

fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|e| Error {
        at: path.display().to_string(),
        what: e.to_string(),
    })
}

/// Writes every generated file below `crate_root`, and removes generated files that are no longer made.
/// Returns the paths that changed.
///
/// # Errors
/// As [`generate`], or when a file cannot be written.
pub fn write(crate_root: &Path) -> Result<Vec<PathBuf>, Error> {
    let files = generate(crate_root)?;
    let io = |path: &Path| {
        let at = path.display().to_string();
        move |e: std::io::Error| Error {
            at,
            what: e.to_string(),
        }
    };
    let mut changed = Vec::new();
    for path in stale(crate_root, &files) {
        let full = crate_root.join(&path);
        match files.get(&path) {
            Some(text) => {
                if let Some(parent) = full.parent() {
                    fs::create_dir_all(parent).map_err(io(&full))?;
                }
                fs::write(&full, text).map_err(io(&full))?;
            }
            None => fs::remove_file(&full).map_err(io(&full))?,
        }
        changed.push(path);
    }
    Ok(changed)
}

/// The paths at which the folder differs from `files`.
#[must_use]
pub fn stale(crate_root: &Path, files: &BTreeMap<PathBuf, String>) -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> = files
        .iter()
        .filter(|(path, text)| fs::read_to_string(crate_root.join(path)).ok().as_ref() != Some(text))
        .map(|(path, _)| path.clone())
        .collect();
    let mut queue = vec![crate_root.join("src/generated")];
    while let Some(folder) = queue.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                queue.push(path);
            } else if let Ok(path) = path.strip_prefix(crate_root)
                && !files.contains_key(path)
                && path.extension().is_some_and(|e| e == "rs")
                && path != Path::new(KEPT)
            {
                out.push(path.to_owned());
            }
        }
    }
    out
}

/// The file in the generated folder that is written by hand.
const KEPT: &str = "src/generated/mod.rs";
