//! What `#[callback_data(…)]` says.

use syn::meta::ParseNestedMeta;
use syn::{Attribute, Ident, LitInt, LitStr, Path, Result};

/// Stands between the parts of readable data, unless `sep` says otherwise.
pub(crate) const SEPARATOR: &str = ":";
/// Stands between a prefix and the version of readable data.
const VERSION_MARK: char = '~';

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Codec {
    Readable,
    Packed,
    Sealed,
    Stored,
}

/// What is said about a type.
pub(crate) struct Settings {
    prefix: Option<LitStr>,
    pub(crate) codec: Option<Codec>,
    separator: Option<LitStr>,
    pub(crate) version: u32,
    pub(crate) from: Option<Path>,
    pub(crate) bind_user: bool,
    pub(crate) bind_chat: bool,
}

impl Settings {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut settings = Settings {
            prefix: None,
            codec: None,
            separator: None,
            version: 1,
            from: None,
            bind_user: false,
            bind_chat: false,
        };
        each(attributes, |meta| settings.one(&meta))?;
        Ok(settings)
    }

    fn one(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        let key = meta.path.get_ident().map(Ident::to_string).unwrap_or_default();
        match key.as_str() {
            "prefix" => self.prefix = Some(text(meta)?),
            "sep" => self.separator = Some(text(meta)?),
            "codec" => {
                let name: LitStr = meta.value()?.parse()?;
                self.codec = Some(match name.value().as_str() {
                    "readable" => Codec::Readable,
                    "packed" => Codec::Packed,
                    "sealed" => Codec::Sealed,
                    "stored" => Codec::Stored,
                    _ => {
                        let known = "there are \"readable\", \"packed\", \"sealed\" and \"stored\"";
                        return Err(syn::Error::new(name.span(), known));
                    }
                });
            }
            "version" => {
                let number: LitInt = meta.value()?.parse()?;
                self.version = number.base10_parse()?;
                if self.version == 0 {
                    return Err(syn::Error::new(number.span(), "versions count from 1"));
                }
            }
            "from" => self.from = Some(meta.value()?.parse()?),
            "bind" => meta.parse_nested_meta(|whom| {
                if whom.path.is_ident("user") {
                    self.bind_user = true;
                } else if whom.path.is_ident("chat") {
                    self.bind_chat = true;
                } else {
                    return Err(whom.error("a button can be bound to a `user` and to a `chat`"));
                }
                Ok(())
            })?,
            _ => {
                let known = "there are `prefix`, `codec`, `version`, `from`, `bind` and `sep`";
                return Err(meta.error(known));
            }
        }
        Ok(())
    }

    /// The codec of a type that is a button's data, once it is known that all that is said about it is heeded.
    pub(crate) fn checked(&self, name: &Ident) -> Result<(LitStr, Codec)> {
        let error = |text: &str| Err(syn::Error::new(name.span(), text));
        let Some(prefix) = &self.prefix else {
            return error("say what tells its data from other types': #[callback_data(prefix = \"…\")]");
        };
        let codec = self.codec.unwrap_or(Codec::Readable);
        if (self.bind_user || self.bind_chat) && matches!(codec, Codec::Readable | Codec::Packed) {
            return error("only a button that is `sealed` or `stored` can be bound to somebody");
        }
        if self.separator.is_some() && codec != Codec::Readable {
            return error("only readable data has separators");
        }
        if self.from.is_some() && self.version == 1 {
            return error("the first version comes from nothing: say `version = 2`");
        }
        if codec == Codec::Readable {
            let marks = [self.separator().as_str(), "~"].map(|mark| prefix.value().contains(mark));
            if marks.contains(&true) {
                let text = format!(
                    "`{}` and `{VERSION_MARK}` end a prefix and can't be in one",
                    self.separator()
                );
                return Err(syn::Error::new(prefix.span(), text));
            }
        }
        Ok((prefix.clone(), codec))
    }

    /// A part has a codec or none (then it suits all), and nothing else.
    pub(crate) fn checked_part(&self, name: &Ident) -> Result<()> {
        let plain = self.prefix.is_none()
            && self.separator.is_none()
            && self.version == 1
            && self.from.is_none()
            && !self.bind_user
            && !self.bind_chat;
        match plain {
            true => Ok(()),
            false => Err(syn::Error::new(
                name.span(),
                "only `codec` can be said about a part: the rest is up to the data that it is a part of",
            )),
        }
    }

    pub(crate) fn separator(&self) -> String {
        self.separator
            .as_ref()
            .map_or_else(|| SEPARATOR.to_owned(), LitStr::value)
    }
}

/// `#[callback_data(rename = "…")]` on a variant, or its name in snake case.
pub(crate) fn word(variant: &syn::Variant, separator: &str) -> Result<LitStr> {
    let mut word = LitStr::new(&snake(&variant.ident.to_string()), variant.ident.span());
    each(&variant.attrs, |meta| {
        if !meta.path.is_ident("rename") {
            return Err(meta.error("only `rename = \"…\"` can be said about a variant"));
        }
        word = text(&meta)?;
        Ok(())
    })?;
    if word.value().contains(separator) {
        let text = format!("`{separator}` stands between the parts of the data and can't be in one");
        return Err(syn::Error::new(word.span(), text));
    }
    Ok(word)
}

fn each(attributes: &[Attribute], mut one: impl FnMut(ParseNestedMeta<'_>) -> Result<()>) -> Result<()> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("callback_data"))
        .try_for_each(|attribute| attribute.parse_nested_meta(&mut one))
}

fn text(meta: &ParseNestedMeta<'_>) -> Result<LitStr> {
    let text: LitStr = meta.value()?.parse()?;
    match text.value().is_empty() {
        true => Err(syn::Error::new(text.span(), "this can't be empty")),
        false => Ok(text),
    }
}

/// `TurnUp` to `turn_up`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (at, c) in name.char_indices() {
        if c.is_uppercase() && at > 0 {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}
