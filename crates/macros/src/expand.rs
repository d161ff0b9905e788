//! The implementation that the derive writes.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, Fields, Ident, LitStr, Result, Type};

use crate::attributes;

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let prefix = attributes::prefix(input)?;
    if !input.generics.params.is_empty() {
        let why =
            "the data of a generic type has no length to check; derive this for a type without parameters";
        return Err(syn::Error::new_spanned(&input.generics, why));
    }
    let shapes = match &input.data {
        Data::Struct(data) => vec![Shape::new(quote!(Self), None, &data.fields)],
        Data::Enum(data) => {
            let shape = |variant: &syn::Variant| -> Result<Shape> {
                let name = &variant.ident;
                Ok(Shape::new(
                    quote!(Self::#name),
                    Some(attributes::word(variant)?),
                    &variant.fields,
                ))
            };
            data.variants.iter().map(shape).collect::<Result<_>>()?
        }
        Data::Union(_) => {
            return Err(syn::Error::new(
                input.ident.span(),
                "a union can't be a button's data",
            ));
        }
    };
    unlike(&shapes)?;

    let name = &input.ident;
    let claim = match shapes.as_slice() {
        // Nothing but the prefix.
        [
            Shape {
                word: None, fields, ..
            },
        ] if fields.is_empty() => quote!(Exact(#prefix)),
        _ => {
            let prefix = LitStr::new(&format!("{}:", prefix.value()), prefix.span());
            quote!(Prefix(#prefix))
        }
    };
    let proofs = shapes.iter().map(|shape| shape.proof(&prefix));
    let writes = shapes.iter().map(Shape::write);
    let read = read(&shapes);
    Ok(quote! {
        #(#proofs)*

        #[automatically_derived]
        impl ::ringback::data::CallbackData for #name {
            const CLAIM: ::ringback::data::Claim = ::ringback::data::Claim::#claim;

            fn decode(
                data: &str,
            ) -> ::core::result::Result<::core::option::Option<Self>, ::ringback::data::DataError> {
                let ::core::option::Option::Some(mut parts) = ::ringback::data::readable::Parts::of(#prefix, data)
                else {
                    return ::core::result::Result::Ok(::core::option::Option::None);
                };
                let value = #read;
                parts.end()?;
                ::core::result::Result::Ok(::core::option::Option::Some(value))
            }

            fn encode(
                &self,
            ) -> ::core::result::Result<::std::string::String, ::ringback::data::DataError> {
                let mut writer = ::ringback::data::readable::Writer::new(#prefix);
                match self {
                    #(#writes)*
                }
                ::core::result::Result::Ok(writer.finish())
            }
        }
    })
}

/// A struct, or a variant of an enum.
struct Shape {
    path: TokenStream,
    /// The variant's name on the button.
    word: Option<LitStr>,
    fields: Vec<Field>,
}

struct Field {
    /// `name` or `0`.
    member: syn::Member,
    /// What a pattern binds it to.
    binding: Ident,
    ty: Type,
}

impl Shape {
    fn new(path: TokenStream, word: Option<LitStr>, fields: &Fields) -> Self {
        let field = |(member, field): (syn::Member, &syn::Field)| {
            let binding = match &member {
                syn::Member::Named(name) => format_ident!("field_{}", name),
                syn::Member::Unnamed(index) => format_ident!("field_{}", index.index),
            };
            Field {
                member,
                binding,
                ty: field.ty.clone(),
            }
        };
        Shape {
            path,
            word,
            fields: fields.members().zip(fields).map(field).collect(),
        }
    }

    /// That the data fits a button, as far as its types say; wrong, it does not compile.
    fn proof(&self, prefix: &LitStr) -> TokenStream {
        let fixed = prefix.value().len() + self.word.as_ref().map_or(0, |word| 1 + word.value().len());
        let types = self.fields.iter().map(|field| &field.ty);
        quote! {
            const _: () = ::ringback::data::readable::assert_fits(
                #fixed,
                &[#(<#types as ::ringback::data::Field>::LONGEST),*],
            );
        }
    }

    fn write(&self) -> TokenStream {
        let Shape { path, fields, .. } = self;
        let word = self.word.iter();
        let members = fields.iter().map(|field| &field.member);
        let bindings: Vec<_> = fields.iter().map(|field| &field.binding).collect();
        quote! {
            #path { #(#members: #bindings),* } => {
                #(writer.word(#word);)*
                #(writer.field(#bindings)?;)*
            }
        }
    }

    fn build(&self) -> TokenStream {
        let Shape { path, fields, .. } = self;
        let members = fields.iter().map(|field| &field.member);
        quote!(#path { #(#members: parts.field()?),* })
    }
}

fn read(shapes: &[Shape]) -> TokenStream {
    if let [shape @ Shape { word: None, .. }] = shapes {
        return shape.build();
    }
    let words = shapes.iter().map(|shape| &shape.word);
    let builds = shapes.iter().map(Shape::build);
    quote! {
        match parts.word()? {
            #(#words => #builds,)*
            other => return ::core::result::Result::Err(::ringback::data::readable::unknown(other)),
        }
    }
}

/// No two variants have one name on the button.
fn unlike(shapes: &[Shape]) -> Result<()> {
    for (at, shape) in shapes.iter().enumerate() {
        let Some(word) = &shape.word else { continue };
        if shapes[..at].iter().any(|other| {
            other
                .word
                .as_ref()
                .is_some_and(|other| other.value() == word.value())
        }) {
            return Err(syn::Error::new(
                word.span(),
                "another variant has the same name on the button",
            ));
        }
    }
    Ok(())
}
