//! `#[derive(CallbackData)]`, `#[derive(Part)]` and `#[handler]` for the `ringback` crate, where they are documented
//! and re-exported.

mod attributes;
mod expand;
mod handler;
mod shape;

use proc_macro::TokenStream;
use syn::{DeriveInput, ItemFn, parse_macro_input};

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

/// Has the compiler say what exactly is wrong with a handler.
///
/// A router takes any function whose arguments and result are right, so of one that is not, the compiler knows only that
/// the whole of it is no handler. With this attribute it looks at each part by itself, and the error stands at that part:
/// an argument that is no extractor, a result that says nothing about the query, a value that can't be held across an
/// `.await`, a function that is not `async`. The function stays as it is; there is nothing to pay for at run time, so it may
/// stay on.
///
/// ```ignore
/// #[ringback::handler]
/// async fn buy(query: CallbackQuery<Buy>, count: u64) -> Outcome {
///     //                                         ^^^ `u64` can't be taken from an update
///     query.answer().await
/// }
/// ```
///
/// For free functions, also generic ones.
#[proc_macro_attribute]
pub fn handler(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let function = parse_macro_input!(item as ItemFn);
    let checked = match arguments.is_empty() {
        true => handler::checked(&function),
        false => Err(syn::Error::new(
            proc_macro2::Span::call_site(),
            "`#[handler]` takes no arguments",
        )),
    };
    // With the function, in any case: that it is missing would be one more error for each of its uses.
    let checked = checked.unwrap_or_else(|error| {
        let error = error.into_compile_error();
        quote::quote!(#function #error)
    });
    checked.into()
}
