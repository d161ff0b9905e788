//! The TL language, one combinator a line, with three additions of our own (see `schema/README.md`):
//! layer ranges, `ours(theirs)` names and `~` for a field whose type changed.

use std::fmt;

/// A name, and what Telegram's schema calls the same thing where we had to choose another.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    /// The name in our schema.
    pub ours: String,
    /// The name in Telegram's schema.
    pub theirs: String,
}

/// The type of a field or of a result.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ty {
    /// `int`: 32 bits.
    Int,
    /// `long`: 64 bits.
    Long,
    /// `double`.
    Double,
    /// `int128`: 16 bytes as they are.
    Int128,
    /// `int256`: 32 bytes as they are.
    Int256,
    /// `string`: UTF-8.
    Str,
    /// `bytes`.
    Bytes,
    /// `Bool`: a boxed boolean, 4 bytes.
    Bool,
    /// `true`: no bytes, a flag bit is the value.
    True,
    /// `Vector<T>` (boxed) or `vector<T>` (bare).
    Vector {
        /// What it holds.
        of: Box<Ty>,
        /// Without a constructor id before the count.
        bare: bool,
    },
    /// A type of the schema, or a constructor used bare.
    Named(Name),
    /// `!X`: any function's call; as a result `X`, what that function returns.
    Generic,
}

impl Ty {
    /// The type's text in Telegram's own schema.
    #[must_use]
    pub fn theirs(&self) -> String {
        match self {
            Ty::Int => "int".into(),
            Ty::Long => "long".into(),
            Ty::Double => "double".into(),
            Ty::Int128 => "int128".into(),
            Ty::Int256 => "int256".into(),
            Ty::Str => "string".into(),
            Ty::Bytes => "bytes".into(),
            Ty::Bool => "Bool".into(),
            Ty::True => "true".into(),
            Ty::Vector { of, bare } => {
                format!("{}<{}>", if *bare { "vector" } else { "Vector" }, of.theirs())
            }
            Ty::Named(name) => name.theirs.clone(),
            Ty::Generic => "X".into(),
        }
    }

    /// Whether both are one type in our schema, whatever Telegram's calls it.
    #[must_use]
    pub fn same(&self, other: &Ty) -> bool {
        match (self, other) {
            (Ty::Named(a), Ty::Named(b)) => a.ours == b.ours,
            (Ty::Vector { of: a, bare: x }, Ty::Vector { of: b, bare: y }) => x == y && a.same(b),
            _ => self == other,
        }
    }

    /// The schema type at the bottom of this one, if it is not a built-in.
    #[must_use]
    pub fn named(&self) -> Option<&Name> {
        match self {
            Ty::Named(name) => Some(name),
            Ty::Vector { of, .. } => of.named(),
            _ => None,
        }
    }
}

/// The layers a line or a field holds for; an open end is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layers {
    /// The oldest layer.
    pub from: Option<i32>,
    /// The newest layer.
    pub to: Option<i32>,
}

impl Layers {
    /// Whether `layer` lies within.
    #[must_use]
    pub fn contains(&self, layer: i32) -> bool {
        self.from.is_none_or(|from| from <= layer) && self.to.is_none_or(|to| layer <= to)
    }
}

/// One field of a combinator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The field's name.
    pub name: Name,
    /// `None` for a `#` field, which holds flag bits.
    pub ty: Option<Ty>,
    /// The flags field and the bit that say whether this one is there.
    pub flag: Option<(String, u32)>,
    /// The type differs from the newest form's: values go through a converter (`~`).
    pub older: bool,
    /// The layers that know this bit (only for `true`, which takes no bytes).
    pub layers: Layers,
}

/// One line of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combinator {
    /// The constructor's or function's name.
    pub name: Name,
    /// Its id on the wire.
    pub id: u32,
    /// The layers in which it has this form.
    pub layers: Layers,
    /// What it carries, in wire order.
    pub fields: Vec<Field>,
    /// The type it belongs to, or what the function returns.
    pub result: Ty,
    /// Below `---functions---`.
    pub function: bool,
}

/// Why a schema could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The file and line, once known.
    pub at: String,
    /// What was wrong there.
    pub what: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.what)
    }
}

impl std::error::Error for Error {}

/// An error without a place; the caller adds it.
pub(crate) fn fail<T>(what: impl Into<String>) -> Result<T, Error> {
    Err(Error {
        at: String::new(),
        what: what.into(),
    })
}

/// Reads a whole schema; the first line that is not TL is an error.
///
/// # Errors
/// With the number of the line that could not be read.
pub fn schema(file: &str, text: &str) -> Result<Vec<Combinator>, Error> {
    let mut all = Vec::new();
    for item in lines(text) {
        let (number, line, function) = item;
        all.push(combinator(line, function).map_err(|e| Error {
            at: format!("{file}:{number}"),
            ..e
        })?);
    }
    Ok(all)
}

/// Reads a schema published by others: what is not a plain combinator with an id (the definitions of
/// `vector`, `int128` and the like) is passed over.
#[must_use]
pub fn foreign(text: &str) -> Vec<Combinator> {
    lines(text)
        .filter_map(|(_, line, function)| combinator(line, function).ok())
        .collect()
}

/// The lines that hold a combinator: their number, their text, and whether functions are what follows.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str, bool)> {
    let mut function = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let line = line.split("//").next().unwrap_or_default().trim();
        match line {
            "" => None,
            "---functions---" => {
                function = true;
                None
            }
            "---types---" => {
                function = false;
                None
            }
            _ => Some((index + 1, line, function)),
        }
    })
}

/// Reads one line: `name#id {layers} field:type … = Type;`.
///
/// # Errors
/// When the line is not a combinator with an explicit id.
pub fn combinator(line: &str, function: bool) -> Result<Combinator, Error> {
    let line = line.trim().trim_end_matches(';');
    let Some((left, result)) = line.rsplit_once('=') else {
        return fail("no `=`");
    };
    let mut words = left.split_whitespace();
    let Some(head) = words.next() else {
        return fail("no name");
    };
    let Some((head, id)) = head.split_once('#') else {
        return fail("no constructor id");
    };
    let Ok(id) = u32::from_str_radix(id, 16) else {
        return fail(format!("`{id}` is not an id"));
    };

    let mut layers = Layers::default();
    let mut fields = Vec::new();
    for word in words {
        if word == "{X:Type}" {
            continue;
        }
        if word.starts_with('{') {
            layers = range(word)?;
            continue;
        }
        fields.push(field(word)?);
    }
    Ok(Combinator {
        name: name(head)?,
        id,
        layers,
        fields,
        result: ty(result.trim())?,
        function,
    })
}

/// `ours(theirs)`, or one name for both.
fn name(text: &str) -> Result<Name, Error> {
    let (ours, theirs) = match text.split_once('(') {
        Some((ours, rest)) => (ours, rest.trim_end_matches(')')),
        None => (text, text),
    };
    let good = |s: &str| {
        !s.is_empty()
            && s.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.')
    };
    if !good(ours) || !good(theirs) {
        return fail(format!("`{text}` is not a name"));
    }
    Ok(Name {
        ours: ours.into(),
        theirs: theirs.into(),
    })
}

/// `{158}`, `{198..}`, `{..227}`, `{198..227}`: both ends belong to it.
pub(crate) fn range(text: &str) -> Result<Layers, Error> {
    let Some(inner) = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')) else {
        return fail(format!("`{text}` is not a range of layers"));
    };
    let end = |text: &str| -> Result<Option<i32>, Error> {
        match text {
            "" => Ok(None),
            _ => text
                .parse()
                .map(Some)
                .or_else(|_| fail(format!("`{text}` is not a layer"))),
        }
    };
    match inner.split_once("..") {
        Some((from, to)) => Ok(Layers {
            from: end(from)?,
            to: end(to)?,
        }),
        None => end(inner).map(|only| Layers { from: only, to: only }),
    }
}

/// `name:type`, `name:#`, `name:flags.3?type`, each with what we add: `~` and a range of layers.
fn field(word: &str) -> Result<Field, Error> {
    let Some((left, right)) = word.split_once(':') else {
        return fail(format!("`{word}` is not a field"));
    };
    let name = name(left)?;
    let (right, layers) = match right.find('{') {
        Some(at) => (&right[..at], range(&right[at..])?),
        None => (right, Layers::default()),
    };
    if right == "#" {
        return Ok(Field {
            name,
            ty: None,
            flag: None,
            older: false,
            layers,
        });
    }
    let (flag, right) = match right.split_once('?') {
        Some((condition, right)) => {
            let parts = condition
                .split_once('.')
                .and_then(|(f, bit)| Some((f, bit.parse::<u32>().ok()?)));
            let Some((flags, bit)) = parts.filter(|(_, bit)| *bit < 32) else {
                return fail(format!("`{condition}` is not a flag"));
            };
            (Some((flags.to_owned(), bit)), right)
        }
        None => (None, right),
    };
    let (right, older) = match right.strip_suffix('~') {
        Some(right) => (right, true),
        None => (right, false),
    };
    Ok(Field {
        name,
        ty: Some(ty(right)?),
        flag,
        older,
        layers,
    })
}

/// A type by its text.
pub(crate) fn ty(text: &str) -> Result<Ty, Error> {
    Ok(match text {
        "int" => Ty::Int,
        "long" => Ty::Long,
        "double" => Ty::Double,
        "int128" => Ty::Int128,
        "int256" => Ty::Int256,
        "string" => Ty::Str,
        "bytes" => Ty::Bytes,
        "Bool" => Ty::Bool,
        "true" => Ty::True,
        "X" | "!X" => Ty::Generic,
        _ => {
            for (open, bare) in [("Vector<", false), ("vector<", true)] {
                if let Some(of) = text.strip_prefix(open).and_then(|t| t.strip_suffix('>')) {
                    return Ok(Ty::Vector {
                        of: Box::new(ty(of)?),
                        bare,
                    });
                }
            }
            Ty::Named(name(text.trim_start_matches('%'))?)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_we_add_to_tl() {
        let line =
            "a.new(old)#0000002a {..198} flags:# x:flags.3?true{158} t(u):flags.0?Vector<Q(R)>~ = a.T;";
        let c = combinator(line, false).unwrap();
        assert_eq!(
            (c.name.ours.as_str(), c.name.theirs.as_str(), c.id),
            ("a.new", "old", 42)
        );
        assert_eq!(
            c.layers,
            Layers {
                from: None,
                to: Some(198)
            }
        );
        assert_eq!(c.fields[0].ty, None);
        assert_eq!(
            c.fields[1].layers,
            Layers {
                from: Some(158),
                to: Some(158)
            }
        );
        assert_eq!(c.fields[2].flag, Some(("flags".into(), 0)));
        assert!(c.fields[2].older);
        assert_eq!(c.fields[2].ty.as_ref().unwrap().theirs(), "Vector<R>");
    }

    #[test]
    fn says_what_is_wrong() {
        for (line, what) in [
            ("a = B;", "no constructor id"),
            ("a#1 b = C;", "`b` is not a field"),
            ("a#zz = C;", "`zz` is not an id"),
            ("a#1 b:flags.32?int = C;", "`flags.32` is not a flag"),
            ("a#1 {x..} = C;", "`x` is not a layer"),
        ] {
            assert_eq!(combinator(line, false).unwrap_err().what, what);
        }
        assert_eq!(
            schema("f", "\n\na = B;").unwrap_err().to_string(),
            "f:3: no constructor id"
        );
    }
}
