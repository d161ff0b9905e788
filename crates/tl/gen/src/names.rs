//! From TL's names to Rust's.

/// The namespace of a TL name, and the rest: `messages.sendMessage` → (`messages`, `sendMessage`).
pub(crate) fn split(name: &str) -> (&str, &str) {
    name.split_once('.').unwrap_or(("", name))
}

/// A Rust type's name: `inputPeerUser` → `InputPeerUser`, `dh_gen_ok` → `DhGenOk`.
pub(crate) fn camel(name: &str) -> String {
    let mut out = String::new();
    for word in name.split('_') {
        let mut chars = word.chars();
        out.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        out.push_str(chars.as_str());
    }
    out
}

/// A Rust field's name: lower case, and away from keywords.
pub(crate) fn field(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "self" => "is_self".into(),
        "type" | "static" | "final" | "match" | "where" | "async" | "move" | "ref" | "loop" | "in"
        | "for" => {
            format!("r#{name}")
        }
        _ => name,
    }
}

/// The variant for a constructor of a type: the type's name is left out where it would only repeat.
pub(crate) fn variant(ty: &str, ctor: &str) -> String {
    let (_, ty) = split(ty);
    let (_, ctor) = split(ctor);
    let (ty, ctor) = (camel(ty), camel(ctor));
    match ctor.strip_prefix(&ty) {
        Some("Self") => "Self_".into(),
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_uppercase()) => rest.into(),
        _ => ctor,
    }
}

/// The variant of a function in the enum of all functions.
pub(crate) fn function(name: &str) -> String {
    let (space, name) = split(name);
    camel(space) + &camel(name)
}
