//! Every dependency has a reason, written down in the `DEPS.md` of the package that has it.

use std::path::{Path, PathBuf};

/// The names of the dependencies that a manifest lists.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut inside = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            inside = section.trim_end_matches(']').ends_with("dependencies");
            continue;
        }
        if let Some((name, _)) = line.split_once('=')
            && inside
            && !line.starts_with('#')
        {
            names.push(name.split('.').next().unwrap_or(name).trim().to_owned());
        }
    }
    names
}

/// What is missing from, or too much in, one crate's `DEPS.md`.
fn problems(folder: &Path) -> Vec<String> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    let (manifest, reasons) = (read("Cargo.toml"), read("DEPS.md"));
    let reason_for = |name: &str| reasons.contains(&format!("`{name}`"));
    let listed = dependencies(&manifest);
    let missing = listed
        .iter()
        .filter(|name| !reason_for(name))
        .map(|name| format!("{}: no reason for {name}", folder.display()));
    let heads = reasons
        .lines()
        .filter_map(|line| line.strip_prefix("* ").or_else(|| line.strip_prefix("| ")));
    let named = heads
        .filter_map(|line| line.split([':', '|', '(']).next())
        .flat_map(|head| head.split('`').skip(1).step_by(2));
    let stale = named.filter(|name| !listed.iter().any(|own| own == name));
    missing
        .chain(stale.map(|name| format!("{}: {name} is no dependency", folder.display())))
        .collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The folders of all packages below this one, whichever workspace they are of.
fn packages(folder: &Path, found: &mut Vec<PathBuf>) {
    if folder.join("Cargo.toml").is_file() {
        found.push(folder.to_owned());
    }
    let entries = std::fs::read_dir(folder).unwrap();
    for path in entries.map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let foreign = name.starts_with('.') || matches!(&*name, "target" | "node_modules");
        if path.is_dir() && !path.is_symlink() && !foreign {
            packages(&path, found);
        }
    }
}

/// Whether a package has dependencies from elsewhere: its reasons are then wanted, and with them those for the rest.
fn wants_reasons(folder: &Path) -> bool {
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    let own = |name: &String| name.starts_with("ringback");
    !dependencies(&manifest).iter().all(own) || folder.join("DEPS.md").exists()
}

/// The packages whose dependencies are this project's own choice.
fn own_packages() -> Vec<PathBuf> {
    let root = root();
    let mut folders = Vec::new();
    packages(&root, &mut folders);
    // The workspace's own manifest lists versions. What bots of other libraries need is their libraries' affair.
    let peers = root.join("bench/peers/rust");
    folders.retain(|folder| *folder != root && !folder.starts_with(&peers));
    folders
}

#[test]
fn every_dependency_has_a_reason() {
    let (root, mut folders) = (root(), own_packages());
    folders.retain(|folder| wants_reasons(folder));
    for known in ["crates/ringback", "bench/roundtrip", "docs", "fuzz"] {
        assert!(folders.contains(&root.join(known)), "{known} was not looked at");
    }
    let problems: Vec<String> = folders.iter().flat_map(|folder| problems(folder)).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// All of a package's Rust, what it takes from elsewhere with `#[path]`, and what Rust is in its Markdown.
fn sources(folder: &Path) -> String {
    let mut all = String::new();
    for path in std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
    {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() && !matches!(&*name, "target" | "node_modules") {
            all += &sources(&path);
        } else if name.ends_with(".rs") || name.ends_with(".md") && name != "DEPS.md" {
            let text = std::fs::read_to_string(&path).unwrap();
            let taken = text
                .split("#[path = \"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next());
            for source in taken {
                all += &std::fs::read_to_string(folder.join(source)).unwrap_or_default();
            }
            all += &text;
        }
    }
    all
}

fn has_word(text: &str, word: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(inside) && !text[at + word.len()..].starts_with(inside))
}

#[test]
fn every_dependency_is_used() {
    let mut unused = Vec::new();
    for folder in own_packages() {
        let sources = sources(&folder);
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        for name in dependencies(&manifest) {
            if !has_word(&sources, &name.replace('-', "_")) {
                unused.push(format!("{}: {name}", folder.display()));
            }
        }
    }
    assert!(unused.is_empty(), "{}", unused.join("\n"));
}

#[test]
fn manifests_are_read() {
    let manifest = "[package]\nname = \"x\"\n[dependencies]\na.workspace = true\nb = { version = \"1\" }\n# c = 1\n[dev-dependencies]\nd = \"1\"\n[lints]\nworkspace = true\n";
    assert_eq!(dependencies(manifest), ["a", "b", "d"]);
}
