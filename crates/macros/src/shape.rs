//! A struct, or the variants of an enum: how each is written and read.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, Fields, Ident, LitStr, Result, Type};

use crate::attributes;

/// All that a value of the type can look like.
pub(crate) struct Shapes(Vec<Shape>);

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

impl Shapes {
    pub(crate) fn of(input: &DeriveInput, separator: &str) -> Result<Self> {
        if !input.generics.params.is_empty() {
            let why = "the data of a generic type has no length to check; derive this for a type without parameters";
            return Err(syn::Error::new_spanned(&input.generics, why));
        }
        let shapes = match &input.data {
            Data::Struct(data) => vec![Shape::new(quote!(Self), None, &data.fields)],
            Data::Enum(data) => {
                let shape = |variant: &syn::Variant| -> Result<Shape> {
                    let name = &variant.ident;
                    let word = attributes::word(variant, separator)?;
                    Ok(Shape::new(quote!(Self::#name), Some(word), &variant.fields))
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
        if shapes.is_empty() {
            return Err(syn::Error::new(
                input.ident.span(),
                "a type without a value can't be a button's data",
            ));
        }
        let shapes = Shapes(shapes);
        shapes.unlike()?;
        Ok(shapes)
    }

    /// Nothing is written for it but a prefix.
    pub(crate) fn is_unit(&self) -> bool {
        matches!(self.0.as_slice(), [Shape { word: None, fields, .. }] if fields.is_empty())
    }

    /// An enum none of whose variants has fields: one word.
    pub(crate) fn is_word(&self) -> bool {
        self.0
            .iter()
            .all(|shape| shape.word.is_some() && shape.fields.is_empty())
    }

    /// Each variant's path and name.
    pub(crate) fn words(&self) -> impl Iterator<Item = (&TokenStream, &LitStr)> {
        self.0
            .iter()
            .filter_map(|shape| Some((&shape.path, shape.word.as_ref()?)))
    }

    /// The most bytes in readable form, as far as they are known.
    pub(crate) fn known(&self) -> TokenStream {
        let each = self.0.iter().map(|shape| {
            let word = shape.word.as_ref().map_or(0, |word| 1 + word.value().len());
            let types = shape.types();
            quote!(#word + ::ringback::data::readable::sum(
                &[#(<#types as ::ringback::data::readable::Spell>::KNOWN),*]
            ))
        });
        quote!(::ringback::data::readable::longest(&[#(#each),*]))
    }

    /// `match self` that writes the readable form to `writer`.
    pub(crate) fn spell(&self) -> TokenStream {
        let arms = self.0.iter().map(|shape| {
            let (pattern, bindings) = shape.pattern();
            let word = shape.word.iter();
            quote!(#pattern => {
                #(writer.word(#word)?;)*
                #(writer.field(#bindings)?;)*
            })
        });
        quote!(match self { #(#arms)* })
    }

    /// An expression that reads the readable form from `parts`.
    pub(crate) fn unspell(&self) -> TokenStream {
        let part = quote!(parts.field()?);
        if let [shape @ Shape { word: None, .. }] = self.0.as_slice() {
            return shape.build(&part);
        }
        let words = self.0.iter().map(|shape| &shape.word);
        let builds = self.0.iter().map(|shape| shape.build(&part));
        quote! {
            match parts.word()? {
                #(#words => #builds,)*
                _ => return ::core::result::Result::Err(::ringback::data::readable::unknown()),
            }
        }
    }

    /// `impl Pack`.
    pub(crate) fn pack(&self, name: &Ident) -> TokenStream {
        let choice = quote!(::ringback::data::pack::choice);
        let count = self.0.len();
        let most = self.0.iter().map(|shape| {
            let types = shape.types();
            quote!(::ringback::data::pack::sum(&[
                ::core::option::Option::Some(#choice(#count)),
                #(<#types as ::ringback::data::Pack>::MOST),*
            ]))
        });
        let packs = self.0.iter().enumerate().map(|(number, shape)| {
            let (pattern, bindings) = shape.pattern();
            let number = number as u64;
            quote!(#pattern => {
                out.bits(#number, #choice(#count) as u32);
                #(::ringback::data::Pack::pack(#bindings, out)?;)*
            })
        });
        let numbers = (0..count).map(|number| number as u64);
        let part = quote!(::ringback::data::Pack::unpack(bits)?);
        let builds = self.0.iter().map(|shape| shape.build(&part));
        quote! {
            #[automatically_derived]
            impl ::ringback::data::Pack for #name {
                const MOST: ::core::option::Option<usize> =
                    ::ringback::data::pack::longest(&[#(#most),*]);

                fn pack(
                    &self,
                    out: &mut ::ringback::data::BitWriter,
                ) -> ::core::result::Result<(), ::ringback::data::DataError> {
                    match self { #(#packs)* }
                    ::core::result::Result::Ok(())
                }

                fn unpack(
                    bits: &mut ::ringback::data::BitReader<'_>,
                ) -> ::core::result::Result<Self, ::ringback::data::DataError> {
                    ::core::result::Result::Ok(match bits.bits(#choice(#count) as u32)? {
                        #(#numbers => #builds,)*
                        _ => return ::core::result::Result::Err(
                            ::ringback::data::DataError::malformed("there is no such variant"),
                        ),
                    })
                }
            }
        }
    }

    /// No two variants have one name on the button.
    fn unlike(&self) -> Result<()> {
        let mut seen: Vec<String> = Vec::new();
        for (_, word) in self.words() {
            if seen.contains(&word.value()) {
                return Err(syn::Error::new(
                    word.span(),
                    "another variant has the same name on the button",
                ));
            }
            seen.push(word.value());
        }
        Ok(())
    }
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

    fn types(&self) -> impl Iterator<Item = &Type> {
        self.fields.iter().map(|field| &field.ty)
    }

    /// The pattern that takes it apart, and what that binds.
    fn pattern(&self) -> (TokenStream, Vec<&Ident>) {
        let Shape { path, fields, .. } = self;
        let members = fields.iter().map(|field| &field.member);
        let bindings: Vec<_> = fields.iter().map(|field| &field.binding).collect();
        (quote!(#path { #(#members: #bindings),* }), bindings)
    }

    /// The value, with each field read by this expression, in order.
    fn build(&self, part: &TokenStream) -> TokenStream {
        let Shape { path, fields, .. } = self;
        let members = fields.iter().map(|field| &field.member);
        quote!(#path { #(#members: #part),* })
    }
}
