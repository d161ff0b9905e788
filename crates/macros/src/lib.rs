//! `#[derive(CallbackData)]` and `#[derive(Part)]` for the `ringback` crate, where they are documented and
//! re-exported.

mod attributes;
mod expand;
mod shape;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct or an enum a button's data, in the form that `#[callback_data(…)]` says:
///
/// | | |
/// |---|---|
/// | `prefix = "…"` | what the data starts with, to tell it from other types' |
/// | `codec = "…"` | its form: `readable` (the default), `packed`, `sealed` or `stored` |
/// | `bind(user)`, `bind(chat)`, `bind(user, chat)` | whom a sealed or stored button is for |
/// | `version = 2` | the version of the type, 1 if nothing is said |
/// | `from = Old` | the type's former version; `From<Old>` turns it into this one |
/// | `sep = "…"` | what stands between the parts of readable data, `:` if nothing is said |
/// | on a variant: `rename = "…"` | its name in readable data, instead of its own in snake case |
///
/// See `ringback::data`.
#[proc_macro_derive(CallbackData, attributes(callback_data))]
pub fn callback_data(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::data(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Makes a struct or an enum a part of a button's data: a field of a type that derives `CallbackData`, or of another
/// part.
///
/// `#[callback_data(codec = "packed")]` leaves out the readable form, for types with parts that have none, such as
/// lists; `codec = "readable"` leaves out the packed one. A variant can be renamed, as in `CallbackData`.
#[proc_macro_derive(Part, attributes(callback_data))]
pub fn part(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::part(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
