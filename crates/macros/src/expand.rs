//! The implementations that the derives write.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, LitStr, Result};

use crate::attributes::{Codec, SEPARATOR, Settings};
use crate::shape::Shapes;

/// `#[derive(CallbackData)]`.
pub(crate) fn data(input: &DeriveInput) -> Result<TokenStream> {
    let settings = Settings::read(&input.attrs)?;
    let (prefix, codec) = settings.checked(&input.ident)?;
    let shapes = Shapes::of(input, &settings.separator())?;
    Ok(match codec {
        Codec::Readable => readable(input, &settings, &prefix, &shapes),
        _ => binary(input, &settings, &prefix, codec, &shapes),
    })
}

/// `#[derive(Part)]`.
pub(crate) fn part(input: &DeriveInput) -> Result<TokenStream> {
    let settings = Settings::read(&input.attrs)?;
    settings.checked_part(&input.ident)?;
    let shapes = Shapes::of(input, SEPARATOR)?;
    let spell = match settings.codec {
        None | Some(Codec::Readable) => spell(input, &shapes),
        _ => TokenStream::new(),
    };
    let pack = match settings.codec {
        Some(Codec::Readable) => TokenStream::new(),
        _ => shapes.pack(&input.ident),
    };
    Ok(quote!(#spell #pack))
}

/// What is done with a version that is not the type's own.
fn other_version(settings: &Settings, read: impl FnOnce(&syn::Path) -> TokenStream) -> TokenStream {
    let current = settings.version;
    let outdated = quote!(::core::result::Result::Err(::ringback::data::schema::outdated(version, #current)));
    match &settings.from {
        None => outdated,
        Some(old) => {
            let read = read(old);
            quote!(if version < #current { #read } else { #outdated })
        }
    }
}

fn readable(input: &DeriveInput, settings: &Settings, prefix: &LitStr, shapes: &Shapes) -> TokenStream {
    let (name, version, separator) = (&input.ident, settings.version, settings.separator());
    let starts = |text: &str| LitStr::new(&format!("{}{text}", prefix.value()), prefix.span());
    let parts = starts(&separator);
    let claim = match (version, shapes.is_unit()) {
        (1, true) => quote!(Exact(#prefix)),
        (1, false) => quote!(Prefix(#parts)),
        _ => {
            let marked = starts("~");
            quote!(OneOf(&[
                ::ringback::data::Claim::Prefix(#parts),
                ::ringback::data::Claim::Exact(#prefix),
                ::ringback::data::Claim::Prefix(#marked),
            ]))
        }
    };
    let length = prefix.value().len();
    let (known, write, read) = (shapes.known(), shapes.spell(), shapes.unspell());
    let other = other_version(settings, |old| {
        quote! {
            match <#old as ::ringback::data::CallbackData>::decode(data)? {
                ::core::option::Option::Some(old) => {
                    ::core::result::Result::Ok(::core::option::Option::Some(::core::convert::From::from(old)))
                }
                ::core::option::Option::None => {
                    ::core::result::Result::Err(::ringback::data::schema::outdated(version, #version))
                }
            }
        }
    });
    quote! {
        const _: () = ::ringback::data::readable::assert_fits(#length, #version, #known);

        #[automatically_derived]
        impl ::ringback::data::CallbackData for #name {
            const CLAIM: ::ringback::data::Claim = ::ringback::data::Claim::#claim;

            fn decode(
                data: &str,
            ) -> ::core::result::Result<::core::option::Option<Self>, ::ringback::data::DataError> {
                let ::core::option::Option::Some((version, mut parts)) =
                    ::ringback::data::readable::Parts::of(#prefix, #separator, data)
                else {
                    return ::core::result::Result::Ok(::core::option::Option::None);
                };
                if version != #version {
                    return #other;
                }
                let value = #read;
                parts.end()?;
                ::core::result::Result::Ok(::core::option::Option::Some(value))
            }

            fn encode(
                &self,
            ) -> ::core::result::Result<::std::string::String, ::ringback::data::DataError> {
                let mut writer = ::ringback::data::readable::Writer::new(#prefix, #separator, #version);
                #write
                ::core::result::Result::Ok(writer.finish())
            }
        }
    }
}

/// The readable form of a part: one word is a `Field`, which can also be optional; other types are several.
fn spell(input: &DeriveInput, shapes: &Shapes) -> TokenStream {
    let name = &input.ident;
    if shapes.is_word() {
        let (paths, words): (Vec<_>, Vec<_>) = shapes.words().unzip();
        let longest = words.iter().map(|word| word.value().len()).max().unwrap_or(0);
        return quote! {
            #[automatically_derived]
            impl ::ringback::data::Field for #name {
                const LONGEST: ::core::option::Option<usize> = ::core::option::Option::Some(#longest);

                fn read(part: &str) -> ::core::result::Result<Self, ::ringback::data::DataError> {
                    match part {
                        #(#words => ::core::result::Result::Ok(#paths {}),)*
                        _ => ::core::result::Result::Err(::ringback::data::readable::unknown()),
                    }
                }

                fn write(
                    &self,
                    out: &mut ::std::string::String,
                ) -> ::core::result::Result<(), ::ringback::data::DataError> {
                    out.push_str(match self { #(#paths {} => #words,)* });
                    ::core::result::Result::Ok(())
                }
            }
        };
    }
    let (known, write, read) = (shapes.known(), shapes.spell(), shapes.unspell());
    quote! {
        #[automatically_derived]
        impl ::ringback::data::readable::Spell for #name {
            const KNOWN: usize = #known;

            fn read_parts(
                parts: &mut ::ringback::data::readable::Parts<'_>,
            ) -> ::core::result::Result<Self, ::ringback::data::DataError> {
                ::core::result::Result::Ok(#read)
            }

            fn write_parts(
                &self,
                writer: &mut ::ringback::data::readable::Writer,
            ) -> ::core::result::Result<(), ::ringback::data::DataError> {
                #write
                ::core::result::Result::Ok(())
            }
        }
    }
}

fn binary(
    input: &DeriveInput,
    settings: &Settings,
    prefix: &LitStr,
    codec: Codec,
    shapes: &Shapes,
) -> TokenStream {
    let (name, version) = (&input.ident, settings.version);
    let (user, chat) = (settings.bind_user, settings.bind_chat);
    let pack = shapes.pack(name);
    let value = quote!(<#name as ::ringback::data::Pack>::MOST);
    let (extra, value) = match codec {
        Codec::Sealed => (quote!(::ringback::data::sealed::TAG), value),
        Codec::Stored => (
            quote!(::ringback::data::stored::TICKET),
            quote!(::core::option::Option::Some(0)),
        ),
        _ => (quote!(0), value),
    };
    let carried = match codec {
        Codec::Sealed => carried(input, &quote!(Sealed)),
        Codec::Stored => carried(input, &quote!(Stored)),
        _ => quote! {
            #[automatically_derived]
            impl ::ringback::data::CallbackData for #name {
                const CLAIM: ::ringback::data::Claim = ::ringback::data::Claim::Prefix(#prefix);

                fn decode(
                    data: &str,
                ) -> ::core::result::Result<::core::option::Option<Self>, ::ringback::data::DataError> {
                    ::ringback::data::Packed::decode(data)
                }

                fn encode(
                    &self,
                ) -> ::core::result::Result<::std::string::String, ::ringback::data::DataError> {
                    ::ringback::data::Packed::encode(self)
                }
            }
        },
    };
    let same_binding = settings.from.iter().map(|old| {
        quote! {
            const _: () = ::ringback::data::schema::assert_same::<#old, #name>();
        }
    });
    let other = other_version(
        settings,
        |old| quote!(<#old as ::ringback::data::Schema>::unpack_version(version, bits).map(::core::convert::From::from)),
    );
    quote! {
        #pack

        const _: () = ::ringback::data::packed::assert_fits(#prefix, #version, #extra, #value);
        #(#same_binding)*

        #[automatically_derived]
        impl ::ringback::data::Schema for #name {
            const PREFIX: &'static str = #prefix;
            const VERSION: u32 = #version;
            const BOUND: ::ringback::data::Bound = ::ringback::data::Bound { user: #user, chat: #chat };

            fn unpack_version(
                version: u32,
                bits: &mut ::ringback::data::BitReader<'_>,
            ) -> ::core::result::Result<Self, ::ringback::data::DataError> {
                if version != #version {
                    return #other;
                }
                ::ringback::data::Pack::unpack(bits)
            }
        }

        #carried
    }
}

fn carried(input: &DeriveInput, codec: &TokenStream) -> TokenStream {
    let name = &input.ident;
    quote! {
        #[automatically_derived]
        impl ::ringback::data::Carried for #name {
            type Codec = ::ringback::data::#codec;
        }
    }
}
