//! Every form of every constructor and call, in every layer: bytes made from the schema are read, and
//! written again they are the same bytes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::path::Path;

use proptest::test_runner::{RngAlgorithm, TestRng};
use ringback_tl::{Any, Layer, Recoded, catalogue};
use ringback_tl_gen::parse::{Combinator, Field, Ty};

use proptest::prelude::Rng;

/// Makes values of one layer out of the schema.
struct Maker<'a> {
    /// The forms of each type in this layer; older names where the type did not exist.
    types: HashMap<&'a str, Vec<&'a Combinator>>,
    layer: i32,
    rng: TestRng,
    out: Vec<u8>,
}

/// What a keyboard's button was called before layer 229, by the keyboard it may stand in.
const OLD_REPLY: &[&str] = &[
    "oldKeyboardButton",
    "keyboardButtonRequestPhone",
    "keyboardButtonRequestGeoLocation",
    "keyboardButtonRequestPoll",
    "keyboardButtonRequestPeer",
    "inputKeyboardButtonRequestPeer",
    "keyboardButtonSimpleWebView",
];

impl<'a> Maker<'a> {
    fn new(lines: &'a [Combinator], layer: i32) -> Self {
        let mut types: HashMap<&str, Vec<&Combinator>> = HashMap::new();
        for line in lines.iter().filter(|c| !c.function && c.layers.contains(layer)) {
            if let Ty::Named(name) = &line.result {
                types.entry(&name.ours).or_default().push(line);
            }
        }
        if layer < 229 {
            let old = types["OldKeyboardButton"].clone();
            let (reply, inline) = old
                .iter()
                .partition(|c| OLD_REPLY.contains(&c.name.ours.as_str()));
            types.insert("KeyboardButton", reply);
            types.insert("KeyboardInlineButton", inline);
        }
        for (ty, since, instead) in [
            ("messages.InvitedUsers", 198, "Updates"),
            ("messages.ChatInviteJoinResult", 227, "Updates"),
            ("messages.WebPagePreview", 198, "MessageMedia"),
        ] {
            if layer < since {
                types.insert(ty, types[instead].clone());
            }
        }
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[layer as u8; 32]);
        Self {
            types,
            layer,
            rng,
            out: Vec::new(),
        }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.rng.next_u32() as usize % bound
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 0
    }

    /// The forms of a type in this layer; none if it is carried raw.
    fn forms(&self, ty: &str) -> &[&'a Combinator] {
        self.types.get(ty).map_or(&[], Vec::as_slice)
    }

    fn string(&mut self, bytes: bool) {
        let length = match self.below(12) {
            0 => 253 + self.below(4),
            1 => 0,
            _ => self.below(20),
        };
        let mut text = vec![0; length];
        for byte in &mut text {
            *byte = if bytes {
                self.rng.next_u32() as u8
            } else {
                b'a' + self.rng.next_u32() as u8 % 26
            };
        }
        match length {
            0..254 => self.out.push(length as u8),
            _ => self.out.extend(((length as u32) << 8 | 254).to_le_bytes()),
        }
        self.out.extend(text);
        while !self.out.len().is_multiple_of(4) {
            self.out.push(0);
        }
    }

    fn value(&mut self, ty: &Ty, depth: usize) {
        match ty {
            Ty::Int => self.noise(4),
            Ty::Long => self.noise(8),
            // Not a number is not equal to itself, and no fraction survives in whole seconds.
            Ty::Double => self.out.extend(1.5_f64.to_le_bytes()),
            Ty::Int128 => self.noise(16),
            Ty::Int256 => self.noise(32),
            Ty::Str => self.string(false),
            Ty::Bytes => self.string(true),
            Ty::Bool => {
                let id: u32 = if self.coin() { 0x997275b5 } else { 0xbc799737 };
                self.out.extend(id.to_le_bytes());
            }
            Ty::True | Ty::Generic => {}
            Ty::Vector { of, bare } => {
                if !bare {
                    self.out.extend(0x1cb5c415_u32.to_le_bytes());
                }
                let raw = of
                    .named()
                    .is_some_and(|n| !bare && self.forms(&n.ours).is_empty());
                let count = if depth > 4 || raw { 0 } else { self.below(3) };
                self.out.extend((count as u32).to_le_bytes());
                for _ in 0..count {
                    match &**of {
                        Ty::Named(name) if *bare => {
                            let mut all = self.types.values().flatten();
                            let ctor: &Combinator = all.find(|c| c.name.ours == name.ours).unwrap();
                            self.fields(&ctor.fields, depth + 1);
                        }
                        of => self.value(of, depth + 1),
                    }
                }
            }
            Ty::Named(name) => {
                let mut forms = self.forms(&name.ours).to_vec();
                assert!(!forms.is_empty(), "{} in layer {}", name.ours, self.layer);
                forms.retain(|c| self.can(c));
                if depth > 4 {
                    let plain = |c: &&Combinator| {
                        c.fields
                            .iter()
                            .all(|f| f.flag.is_some() || !matches!(f.ty, Some(Ty::Named(_))))
                    };
                    if forms.iter().any(plain) {
                        forms.retain(plain);
                    }
                }
                let pick = self.below(forms.len());
                self.form(forms[pick], depth);
            }
        }
    }

    /// Whether the form needs no value that is carried raw.
    fn can(&self, form: &Combinator) -> bool {
        form.fields.iter().all(|f| f.flag.is_some() || !self.raw(f))
    }

    fn raw(&self, field: &Field) -> bool {
        matches!(&field.ty, Some(Ty::Named(name)) if self.forms(&name.ours).is_empty())
    }

    fn noise(&mut self, count: usize) {
        let from = self.out.len();
        self.out.resize(from + count, 0);
        self.rng.fill_bytes(&mut self.out[from..]);
    }

    fn form(&mut self, form: &Combinator, depth: usize) {
        self.out.extend(form.id.to_le_bytes());
        self.fields(&form.fields, depth);
    }

    fn fields(&mut self, fields: &[Field], depth: usize) {
        let mut flags: Vec<(&str, u32)> = Vec::new();
        for field in fields {
            let Some(ty) = &field.ty else {
                let mut bits = 0_u32;
                for other in fields {
                    if let Some((name, bit)) = &other.flag
                        && *name == field.name.ours
                        && other.layers.contains(self.layer)
                        && !fields.iter().any(|f| f.flag == other.flag && self.raw(f))
                        && (depth < 5 || other.ty == Some(Ty::True))
                        && self.coin()
                    {
                        bits |= 1 << bit;
                    }
                }
                self.out.extend(bits.to_le_bytes());
                flags.push((&field.name.ours, bits));
                continue;
            };
            if let Some((name, bit)) = &field.flag {
                let bits = flags.iter().find(|(n, _)| n == name).unwrap().1;
                if bits & 1 << bit == 0 {
                    continue;
                }
            }
            self.value(ty, depth + 1);
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The schema, and in the newest layer what is carried raw too.
fn schema(layer: Layer) -> Vec<Combinator> {
    let mut lines = ringback_tl_gen::schema(root(), ringback_tl_gen::API).unwrap();
    if layer == Layer::NEWEST {
        lines.extend(ringback_tl_gen::schema(root(), &["raw"]).unwrap());
    }
    lines
}

/// Each form, `rounds` times; what each gave is passed on with the type it was read as.
fn walk(
    lines: &[Combinator],
    layer: Layer,
    types: &[Any],
    functions: &[Any],
    rounds: usize,
    mut check: impl FnMut(&str, &Any, &[u8]),
) {
    let mut maker = Maker::new(lines, layer.number());
    for line in lines {
        let here = line.layers.contains(layer.number());
        let generic = line.fields.iter().any(|f| f.ty == Some(Ty::Generic));
        if !here || generic || !maker.can(line) {
            continue;
        }
        let (all, name) = match &line.result {
            _ if line.function => (functions, &line.name.ours),
            Ty::Named(name) => (types, &name.ours),
            _ => panic!("{} has no type", line.name.ours),
        };
        // A type that is carried raw is met inside of others.
        let Some(any) = all.iter().find(|any| any.name == name) else {
            continue;
        };
        for _ in 0..rounds {
            maker.out.clear();
            maker.form(line, 0);
            check(&line.name.ours, any, &maker.out);
        }
    }
}

#[test]
fn comes_back_in_its_layer() {
    for &layer in Layer::ALL {
        let (lines, mut count) = (schema(layer), 0);
        walk(
            &lines,
            layer,
            catalogue::TYPES,
            catalogue::FUNCTIONS,
            12,
            |name, any, bytes| {
                let again = any
                    .recode(bytes, layer)
                    .unwrap_or_else(|e| panic!("{name} in {layer:?}: {e}"));
                let expected = Recoded {
                    read: bytes.len(),
                    written: Ok(bytes.to_vec()),
                };
                assert_eq!(again, expected, "{name} in {layer:?}");
                count += 1;
            },
        );
        assert!(count > 5000, "{count} values in {layer:?}");
    }
}

/// What was read in one layer can be written in each other layer, and read again there, or the error
/// says which constructor that layer does not have.
#[test]
fn goes_from_layer_to_layer() {
    for &from in Layer::ALL {
        let lines = schema(from);
        for &to in Layer::ALL {
            walk(
                &lines,
                from,
                catalogue::TYPES,
                catalogue::FUNCTIONS,
                2,
                |name, any, bytes| {
                    let there = any
                        .recode(bytes, to)
                        .unwrap_or_else(|e| panic!("{name} in {from:?}: {e}"));
                    if let Ok(bytes) = there.written {
                        let again = any
                            .recode(&bytes, to)
                            .unwrap_or_else(|e| panic!("{name} {from:?} to {to:?}: {e}"));
                        assert_eq!(again.written, Ok(bytes), "{name} from {from:?} to {to:?}");
                    }
                },
            );
        }
    }
}

/// Cut anywhere, or with any byte changed, a value is an error or another value, never a panic.
#[test]
fn survives_damage() {
    let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[9; 32]);
    for &layer in Layer::ALL {
        let lines = schema(layer);
        walk(
            &lines,
            layer,
            catalogue::TYPES,
            catalogue::FUNCTIONS,
            12,
            |name, any, bytes| {
                let cut = rng.next_u32() as usize % bytes.len();
                assert!(
                    any.decode(&bytes[..cut]).is_err(),
                    "{name} in {layer:?} cut at {cut} of {}",
                    bytes.len()
                );
                let mut damaged = bytes.to_vec();
                damaged[cut] ^= rng.next_u32() as u8 | 1;
                let _ = any.recode(&damaged, layer);
            },
        );
    }
}

/// Another implementation, of layer 230, reads these bytes and writes them again.
#[test]
fn another_implementation_agrees() {
    use grammers_tl_types::{Deserializable, Serializable, enums};

    fn again<T: Deserializable + Serializable>(bytes: &[u8]) -> Vec<u8> {
        T::from_bytes(bytes).unwrap().to_bytes()
    }

    type Again = fn(&[u8]) -> Vec<u8>;
    let types: [(&str, Again); 12] = [
        ("Chat", again::<enums::Chat>),
        ("ChatFull", again::<enums::ChatFull>),
        ("Config", again::<enums::Config>),
        ("InputMedia", again::<enums::InputMedia>),
        ("Message", again::<enums::Message>),
        ("ReplyMarkup", again::<enums::ReplyMarkup>),
        ("Update", again::<enums::Update>),
        ("Updates", again::<enums::Updates>),
        ("User", again::<enums::User>),
        ("UserFull", again::<enums::UserFull>),
        ("account.Password", again::<enums::account::Password>),
        ("messages.Dialogs", again::<enums::messages::Dialogs>),
    ];
    let mut count = 0;
    let layer = Layer::L230;
    walk(
        &schema(layer),
        layer,
        catalogue::TYPES,
        catalogue::FUNCTIONS,
        12,
        |name, any, bytes| {
            if let Some((_, again)) = types.iter().find(|(ty, _)| *ty == any.name) {
                assert_eq!(again(bytes), bytes, "{name}");
                count += 1;
            }
        },
    );
    assert!(count > 2000, "{count}");
}

/// Every call that wraps another is taken off, whatever it carries besides.
#[test]
fn every_wrapper_is_taken_off() {
    let lines = schema(Layer::NEWEST);
    let mut maker = Maker::new(&lines, Layer::NEWEST.number());
    for line in lines
        .iter()
        .filter(|line| line.fields.iter().any(|f| f.ty == Some(Ty::Generic)))
    {
        maker.out.clear();
        maker.form(line, 0);
        let call = ringback_tl::functions::help::GetConfig;
        ringback_tl::encode_into(&call, Layer::NEWEST, &mut maker.out).unwrap();
        let request = ringback_tl::Request::peel(&maker.out).unwrap();
        assert_eq!(request.function(), Ok(call.into()), "{}", line.name.ours);
    }
}
