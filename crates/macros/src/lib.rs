//! `#[derive(CallbackData)]` for the `ringback` crate, where it is documented and re-exported.

mod attributes;
mod expand;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Implements `ringback::CallbackData` in the readable form: `prefix:field:field` for a struct,
/// `prefix:variant:field` for an enum. See `ringback::data`.
#[proc_macro_derive(CallbackData, attributes(callback_data))]
pub fn callback_data(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::expand(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
