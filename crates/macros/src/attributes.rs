//! What `#[callback_data(…)]` says.

use syn::{Attribute, DeriveInput, LitStr, Result};

const MARK: char = ':';

/// `#[callback_data(prefix = "…")]` on the type.
pub(crate) fn prefix(input: &DeriveInput) -> Result<LitStr> {
    let missing = || {
        let hint =
            "a button's data starts with what tells it from other types': #[callback_data(prefix = \"…\")]";
        syn::Error::new(input.ident.span(), hint)
    };
    let prefix = read(&input.attrs, "prefix")?.ok_or_else(missing)?;
    check(&prefix)?;
    Ok(prefix)
}

/// `#[callback_data(rename = "…")]` on a variant, or its name in snake case.
pub(crate) fn word(variant: &syn::Variant) -> Result<LitStr> {
    let word = match read(&variant.attrs, "rename")? {
        Some(word) => word,
        None => LitStr::new(&snake(&variant.ident.to_string()), variant.ident.span()),
    };
    check(&word)?;
    Ok(word)
}

fn read(attributes: &[Attribute], key: &str) -> Result<Option<LitStr>> {
    let mut found = None;
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("callback_data"))
    {
        attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident(key) {
                return Err(meta.error(format!("only `{key} = \"…\"` can be said here")));
            }
            found = Some(meta.value()?.parse()?);
            Ok(())
        })?;
    }
    Ok(found)
}

fn check(text: &LitStr) -> Result<()> {
    let value = text.value();
    if value.is_empty() {
        return Err(syn::Error::new(text.span(), "this can't be empty"));
    }
    if value.contains(MARK) {
        return Err(syn::Error::new(
            text.span(),
            "`:` stands between the parts of the data and can't be in one",
        ));
    }
    Ok(())
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
