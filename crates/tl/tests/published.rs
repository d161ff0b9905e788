//! Each line of the schema against the schemas that others publish.
//!
//! * Layer 230: the `.tl` file in the sources of `grammers-tl-types`, always.
//! * Layers 198 and 227: the npm packages `telegram@2.26.22` and `@mtcute/core@0.30.3`, if
//!   `RINGBACK_NODE_MODULES` names the `node_modules` that has them.
//! * Any layer: `<layer>.tl` in the folder that `RINGBACK_TL_FILES` names.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ringback_tl_gen::parse::{Combinator, Field, Layers, Name, Ty, foreign};
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What tells a combinator, apart from its `true` fields: those take no bytes, their order means nothing.
fn shape(c: &Combinator, layer: i32) -> (String, Vec<String>, Vec<String>, String) {
    let field = |f: &Field| {
        let flag = f
            .flag
            .as_ref()
            .map(|(flags, bit)| format!("{flags}.{bit}?"))
            .unwrap_or_default();
        format!(
            "{}:{flag}{}",
            f.name.theirs,
            f.ty.as_ref().map_or("#".into(), Ty::theirs)
        )
    };
    let (bits, fields): (Vec<&Field>, Vec<&Field>) = c
        .fields
        .iter()
        .filter(|f| f.layers.contains(layer))
        .partition(|f| f.ty == Some(Ty::True));
    let mut bits: Vec<String> = bits.into_iter().map(field).collect();
    bits.sort();
    (
        c.name.theirs.clone(),
        fields.into_iter().map(field).collect(),
        bits,
        c.result.theirs(),
    )
}

/// Every difference between our lines for `layer` and a published schema of it.
fn differences(ours: &[Combinator], theirs: &[Combinator], layer: i32, partial: &[&str]) -> Vec<String> {
    let ours: Vec<&Combinator> = ours.iter().filter(|c| c.layers.contains(layer)).collect();
    let by_id: BTreeMap<u32, &Combinator> = theirs.iter().map(|c| (c.id, c)).collect();
    let mut out = Vec::new();
    for c in &ours {
        match by_id.get(&c.id) {
            None => out.push(format!("layer {layer} has no {}#{:08x}", c.name.theirs, c.id)),
            Some(published) if shape(published, layer) != shape(c, layer) => {
                out.push(format!(
                    "{:?}\n is in layer {layer} {:?}",
                    shape(c, layer),
                    shape(published, layer)
                ));
            }
            Some(_) => {}
        }
    }
    // A type that we have, we have whole.
    for published in theirs.iter().filter(|c| !c.function) {
        let ty = published.result.theirs();
        let have = |c: &&&Combinator| !c.function && c.result.theirs() == ty;
        if !partial.contains(&ty.as_str())
            && ours.iter().any(|c| have(&c))
            && !ours.iter().filter(have).any(|c| c.id == published.id)
        {
            out.push(format!(
                "{}#{:08x} of layer {layer} is missing from {ty}",
                published.name.theirs, published.id
            ));
        }
    }
    out
}

/// Types of which `rules.txt` says that they are not whole.
fn partial() -> Vec<String> {
    let rules = fs::read_to_string(root().join("schema/rules.txt")).unwrap();
    let lines = rules.lines().filter_map(|l| l.strip_prefix("partial "));
    lines.flat_map(str::split_whitespace).map(str::to_owned).collect()
}

fn agree(theirs: &[Combinator], layer: i32) {
    let mut ours = ringback_tl_gen::schema(root(), ringback_tl_gen::API).unwrap();
    let newest = ringback_tl_gen::layers(root()).unwrap().last() == Some(&layer);
    if newest {
        ours.extend(ringback_tl_gen::schema(root(), &["raw"]).unwrap());
    }
    assert!(
        theirs.len() > 1200,
        "layer {layer}: only {} lines were read",
        theirs.len()
    );
    let partial = partial();
    // In the newest layer the rest of those types is in raw.tl.
    let partial: Vec<&str> = partial.iter().map(String::as_str).filter(|_| !newest).collect();
    let differences = differences(&ours, theirs, layer, &partial);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// The schema in the sources of `grammers-tl-types`, where cargo keeps them.
fn grammers() -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--manifest-path"])
        .arg(root().join("Cargo.toml"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages
        .iter()
        .find(|p| p["name"] == "grammers-tl-types")
        .unwrap();
    Path::new(package["manifest_path"].as_str().unwrap())
        .parent()
        .unwrap()
        .join("tl/api.tl")
}

#[test]
fn layer_230() {
    agree(&foreign(&fs::read_to_string(grammers()).unwrap()), 230);
}

#[test]
fn layers_198_and_227() {
    let Some(folder) = std::env::var_os("RINGBACK_NODE_MODULES").map(PathBuf::from) else {
        println!(
            "skipped: `npm install telegram@2.26.22 @mtcute/core@0.30.3`, RINGBACK_NODE_MODULES=…/node_modules"
        );
        return;
    };
    let script = fs::read_to_string(folder.join("telegram/tl/apiTl.js")).unwrap();
    let text = script.split('`').nth(1).unwrap();
    agree(&foreign(text), 198);

    let json = fs::read(folder.join("@mtcute/core/tl/api-schema.json")).unwrap();
    let json: Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["l"], 227);
    // Constructors that mtcute adds for itself.
    let own = |c: &Combinator| c.name.theirs.starts_with("mtcute.") || c.name.theirs.ends_with("Legacy");
    let theirs: Vec<Combinator> = json["e"]
        .as_array()
        .unwrap()
        .iter()
        .map(mtcute)
        .filter(|c| !own(c))
        .collect();
    agree(&theirs, 227);
}

#[test]
fn any_layer() {
    let Some(folder) = std::env::var_os("RINGBACK_TL_FILES").map(PathBuf::from) else {
        println!("skipped: put published schemas into a folder as <layer>.tl, RINGBACK_TL_FILES=that folder");
        return;
    };
    for layer in ringback_tl_gen::layers(root()).unwrap() {
        match fs::read_to_string(folder.join(format!("{layer}.tl"))) {
            Ok(text) => agree(&foreign(&text), layer),
            Err(_) => println!("skipped: no {layer}.tl there"),
        }
    }
}

#[test]
fn every_call_has_its_name() {
    let theirs = foreign(&fs::read_to_string(grammers()).unwrap());
    for call in theirs.iter().filter(|c| c.function) {
        assert_eq!(ringback_tl::method_name(call.id), Some(call.name.theirs.as_str()));
    }
}

/// One entry of mtcute's JSON.
fn mtcute(entry: &Value) -> Combinator {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let vector = |ty: String, modifiers: &Value| {
        if modifiers["isVector"] == true {
            format!("Vector<{ty}>")
        } else {
            ty
        }
    };
    let function = entry["kind"] == "method";
    let mut line = format!("x#{:x} ", entry["id"].as_u64().unwrap());
    for argument in entry["arguments"].as_array().into_iter().flatten() {
        let modifiers = &argument["typeModifiers"];
        let ty = text(&argument["type"]).replace("int53", "long");
        let predicate = modifiers["predicate"]
            .as_str()
            .map(|p| format!("{p}?"))
            .unwrap_or_default();
        line += &format!(
            "{}:{predicate}{} ",
            text(&argument["name"]),
            vector(ty, modifiers)
        );
    }
    line += &format!("= {};", vector(text(&entry["type"]), &entry["typeModifiers"]));
    let name = text(&entry["name"]);
    let parsed =
        ringback_tl_gen::parse::combinator(&line, function).unwrap_or_else(|e| panic!("{name}: {e}"));
    Combinator {
        name: Name {
            ours: name.clone(),
            theirs: name,
        },
        layers: Layers::default(),
        ..parsed
    }
}
