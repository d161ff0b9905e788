//! `#[handler]`: the function as it is, and beside it what the compiler is to check about each of its parts.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Error, FnArg, GenericParam, Ident, ItemFn, Result, ReturnType, Type};

/// The most extractors that a handler can have.
const MOST: usize = 8;

pub(crate) fn checked(function: &ItemFn) -> Result<TokenStream> {
    let checks = checks(function)?;
    Ok(quote! {
        #function
        #checks
    })
}

fn checks(function: &ItemFn) -> Result<TokenStream> {
    let signature = &function.sig;
    if signature.asyncness.is_none() {
        return Err(Error::new(
            signature.fn_token.span(),
            "a handler is an async function: write `async fn`",
        ));
    }
    let arguments = signature.inputs.iter().map(|argument| match argument {
        FnArg::Typed(argument) => Ok(&*argument.ty),
        FnArg::Receiver(receiver) => Err(Error::new(
            receiver.span(),
            "a handler is a free function; what it needs of an object it takes as a `State`",
        )),
    });
    let arguments = arguments.collect::<Result<Vec<_>>>()?;
    let Some((first, extractors)) = arguments.split_first() else {
        return Err(Error::new(
            signature.paren_token.span.join(),
            "a handler takes what has come: a `CallbackQuery<D>` or an `Incoming<T>`",
        ));
    };
    if let Some(more) = extractors.get(MOST) {
        return Err(Error::new(
            more.span(),
            format!("a handler can have up to {MOST} extractors: make a `FromContext` type of several"),
        ));
    }

    let check = quote!(::ringback::check);
    let first_check = quote_spanned!(first.span()=> #check::first::<#first>(););
    let extractor_checks = extractors
        .iter()
        .map(|extractor| quote_spanned!(extractor.span()=> #check::extractor::<#extractor>();));
    let result_check = match (kind(first), &signature.output) {
        // What an `impl Trait` hides can't be named here; the router looks at it.
        (_, ReturnType::Type(_, result)) if matches!(**result, Type::ImplTrait(_)) => TokenStream::new(),
        (Some(kind), ReturnType::Type(_, result)) => {
            quote_spanned!(result.span()=> #check::#kind::<#result>();)
        }
        (Some(kind), ReturnType::Default) => quote_spanned!(signature.ident.span()=> #check::#kind::<()>();),
        (None, _) => TokenStream::new(),
    };

    let generics = &signature.generics;
    let (declared, _, bounds) = generics.split_for_impl();
    let given = generics.params.iter().filter_map(|parameter| match parameter {
        GenericParam::Type(parameter) => Some(&parameter.ident),
        GenericParam::Const(parameter) => Some(&parameter.ident),
        GenericParam::Lifetime(_) => None,
    });
    let (name, visible) = (&signature.ident, Span::call_site());
    let names: Vec<_> = (0..arguments.len())
        .map(|n| format_ident!("argument_{n}", span = visible))
        .collect();
    let send_check = quote_spanned!(name.span()=> #check::send(#name::<#(#given),*>(#(#names),*)););
    Ok(quote! {
        const _: () = {
            #[allow(dead_code, clippy::all, clippy::pedantic)]
            fn parts #declared () #bounds {
                #first_check
                #(#extractor_checks)*
                #result_check
            }
            #[allow(dead_code, clippy::all, clippy::pedantic)]
            fn whole #declared (#(#names: #arguments),*) #bounds {
                #send_check
            }
        };
    })
}

/// Which check a handler's result needs, by the name of its first argument. Under another name (or if it is none of
/// the two) the result is left to the router.
fn kind(first: &Type) -> Option<Ident> {
    let Type::Path(first) = first else { return None };
    match first.path.segments.last()?.ident.to_string().as_str() {
        "CallbackQuery" => Some(format_ident!("outcome")),
        "Incoming" => Some(format_ident!("flow")),
        _ => None,
    }
}
