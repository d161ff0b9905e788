//! What a schema must not say.

use super::*;
use crate::parse;

const RULES: &str = "layers 1 2 3\nraw Opaque\nconvert New {1} Old\n";

fn build(schema: &str) -> Result<Model, Error> {
    let lines = parse::schema("s.tl", schema)?;
    Model::build(
        Rules::parse(RULES)?,
        lines.into_iter().map(|line| ("s".to_owned(), line)).collect(),
    )
}

fn refused(schema: &str, why: &str) {
    assert_eq!(build(schema).map(|_| ()).map_err(|e| e.what), Err(why.to_owned()));
}

#[test]
fn every_type_resolves_in_every_layer() {
    refused(
        "a#1 {..2} = A;\nb#2 a:A = B;",
        "b#00000002: A has no constructor in layer 3; add one, or declare it `raw`",
    );
    refused("a#1 {9} = A;", "a#00000001 is in no supported layer");
    assert!(build("b#2 a:flags.0?Vector<Opaque> = B;").is_ok());
    assert!(build("new#1 {2..} = New;\nold#2 = Old;\nb#3 n:New = B;").is_ok());
}

#[test]
fn forms_do_not_contradict_each_other() {
    refused("a#1 {..2} = A;\na#2 {2..} = A;", "a has two forms in one layer");
    refused("a#1 {..2} = A;\na#2 {3} = B;", "a belongs to two types");
    refused("a#1 = A;\nb#1 = A;", "b and a share the id 00000001");
    refused(
        "a#1 {..2} x:int = A;\na#2 {3} x:long = A;",
        "a#00000001.x: another type than in a newer form; mark it `~`",
    );
}

#[test]
fn a_struct_holds_what_any_form_holds() {
    let model =
        build("a#1 {..2} x:int~ y:int = A;\na#2 {3} flags:# z:flags.0?true x:long w:flags.1?A = A;").unwrap();
    let fields: Vec<_> = model.ctors[0]
        .fields
        .iter()
        .map(|f| (f.name.as_str(), f.held, f.boxed, f.doc.as_str()))
        .collect();
    assert_eq!(
        fields,
        [
            ("z", Held::Flag, false, "`flags.0?true`, from layer 3."),
            ("x", Held::Always, false, "`long`."),
            ("w", Held::Maybe, true, "`flags.1?A`, from layer 3."),
            ("y", Held::Always, false, "`int`, up to layer 2."),
        ]
    );
    assert!(model.types["A"].recursive);
}
