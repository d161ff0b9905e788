//! Every dependency has its reason in `DEPS.md`, and nothing else is in it.

use std::collections::BTreeSet;

#[test]
fn every_dependency_is_explained() {
    let manifest = include_str!("../Cargo.toml");
    let declared: BTreeSet<_> = manifest
        .lines()
        .filter_map(|line| line.strip_suffix(".workspace = true"))
        .collect();
    let package = ["version", "edition", "rust-version", "license", "authors"];
    let declared: BTreeSet<_> = declared
        .into_iter()
        .filter(|name| !package.contains(name))
        .collect();
    let explained: BTreeSet<_> = include_str!("../DEPS.md")
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`').map(|(name, _)| name))
        .collect();
    assert_eq!(declared, explained);
}
