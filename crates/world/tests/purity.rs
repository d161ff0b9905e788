//! The world does no I/O, reads no clock and knows no chance but its seed: not itself, nor through a dependency.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// All that may be in the tree: data, hashing and derives.
const ALLOWED: &[&str] = &[
    "proc-macro2",
    "quote",
    "ringback-world",
    "serde",
    "serde_core",
    "serde_derive",
    "siphasher",
    "syn",
    "thiserror",
    "thiserror-impl",
    "unicode-ident",
];

/// What would bring in time, chance or the outside.
const BANNED: &[&str] = &[
    "SystemTime",
    "Instant",
    "std::net",
    "std::fs",
    "std::io",
    "std::env",
    "std::thread",
    "std::process",
    "rand::",
    "RandomState",
    "HashMap",
    "HashSet",
    "static mut",
    "thread_local",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The names under `[dependencies]` of the manifest.
fn direct() -> BTreeSet<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let names = manifest
        .lines()
        .skip_while(|line| *line != "[dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

/// What a package depends on, whatever the features and versions: by the lock file, where development
/// dependencies are listed too, which is why the world's own come from its manifest.
fn dependencies(lock: &str, name: &str) -> Vec<String> {
    let packages = lock.split("[[package]]");
    let of = packages.filter(|package| package.contains(&format!("name = \"{name}\"\n")));
    of.flat_map(|package| package.lines().filter_map(|line| line.strip_prefix(" \"")))
        .filter_map(|line| line.split(['"', ' ']).next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn no_dependency_touches_the_outside() {
    let lock = fs::read_to_string(root().join("../../Cargo.lock")).unwrap();
    let mut open: Vec<String> = direct().into_iter().collect();
    assert_eq!(open, ["serde", "siphasher", "thiserror"]);
    let mut seen = BTreeSet::new();
    while let Some(name) = open.pop() {
        assert!(
            ALLOWED.contains(&name.as_str()),
            "{name}: may the world depend on this?"
        );
        if seen.insert(name.clone()) {
            open.extend(dependencies(&lock, &name));
        }
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn no_source_mentions_a_clock_a_socket_or_chance() {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    assert!(files.len() > 20, "looked in the wrong place");
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for banned in BANNED {
            assert!(
                !text.contains(banned),
                "{banned} in {}: the order of a hash map counts as chance too",
                file.display()
            );
        }
    }
}
