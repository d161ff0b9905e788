//! What clients ask at start-up, and what always has the same answer here.

use super::{Answer, Context};
use crate::mtproto::{DC, encode, now};
use ringback_tl::functions::Function as F;
use ringback_tl::{ctors, types};

/// The answer to a call that has a constant one.
pub(super) fn answer(context: &Context<'_>, function: &F) -> Option<Answer> {
    let later = i32::try_from(now().as_secs())
        .unwrap_or(i32::MAX)
        .saturating_add(3600);
    Some(match function {
        F::HelpGetConfig(_) => context.give(&config(context)),
        F::HelpGetNearestDc(_) => context.give(&types::NearestDc {
            country: "US".into(),
            this_dc: DC,
            nearest_dc: DC,
        }),
        F::HelpGetAppConfig(_) => {
            let config = types::JSONValue::JsonObject(ctors::JsonObject { value: Vec::new() });
            context.give(&types::help::AppConfig::AppConfig(ctors::help::AppConfig {
                hash: 1,
                config,
            }))
        }
        F::HelpGetAppUpdate(_) => context.give(&types::help::AppUpdate::NoAppUpdate),
        F::HelpGetCountriesList(_) => context.give(&types::help::CountriesList::NotModified),
        F::HelpGetCdnConfig(_) => context.give(&types::CdnConfig {
            public_keys: Vec::new(),
        }),
        F::HelpGetPromoData(_) => context.give(&types::help::PromoData::Empty(ctors::help::PromoDataEmpty {
            expires: later,
        })),
        F::HelpGetTermsOfServiceUpdate(_) => context.give(&types::help::TermsOfServiceUpdate::Empty(
            ctors::help::TermsOfServiceUpdateEmpty { expires: later },
        )),
        F::LangpackGetLangPack(call) => context.give(&no_strings(&call.lang_code)),
        F::LangpackGetDifference(call) => context.give(&no_strings(&call.lang_code)),
        F::LangpackGetStrings(_) => context.give(&Vec::<types::LangPackString>::new()),
        F::LangpackGetLanguages(_) => context.give(&Vec::<types::LangPackLanguage>::new()),
        F::AccountGetNotifySettings(_) => context.give(&encode::notify_settings()),
        F::ContactsGetContacts(_) => context.give(&types::contacts::Contacts::Contacts(
            ctors::contacts::Contacts::default(),
        )),
        F::ContactsGetStatuses(_) => context.give(&Vec::<types::ContactStatus>::new()),
        F::ContactsGetTopPeers(_) => context.give(&types::contacts::TopPeers::Disabled),
        // “All chats” is in the list, where TDLib looks for it.
        F::MessagesGetDialogFilters(_) => context.give(&types::messages::DialogFilters {
            filters: vec![types::DialogFilter::Default],
            ..Default::default()
        }),
        F::MessagesGetSuggestedDialogFilters(_) => context.give(&Vec::<types::DialogFilterSuggested>::new()),
        // Drafts stay with whoever writes them; mentions are not counted.
        F::MessagesGetAllDrafts(_) => context.give(&types::Updates::from(ctors::Updates {
            date: i32::try_from(now().as_secs()).unwrap_or(i32::MAX),
            ..Default::default()
        })),
        F::MessagesReadMentions(_) | F::MessagesReadReactions(_) => {
            context.give(&types::messages::AffectedHistory {
                pts: 1,
                pts_count: 0,
                offset: 0,
            })
        }
        F::MessagesGetUnreadMentions(_) | F::MessagesGetScheduledHistory(_) => context.give(
            &types::messages::Messages::from(ctors::messages::Messages::default()),
        ),
        F::MessagesGetPeerSettings(_) => context.give(&types::messages::PeerSettings::default()),
        F::MessagesGetDialogUnreadMarks(_) => context.give(&Vec::<types::DialogPeer>::new()),
        // Nobody has a picture.
        F::PhotosGetUserPhotos(_) => {
            context.give(&types::photos::Photos::from(ctors::photos::Photos::default()))
        }
        F::UploadGetFileHashes(_) => context.give(&Vec::<types::FileHash>::new()),
        F::AccountUpdateStatus(_)
        | F::AccountRegisterDevice(_)
        | F::AccountUnregisterDevice(_)
        | F::AccountUpdateNotifySettings(_)
        | F::HelpAcceptTermsOfService(_)
        | F::HelpDismissSuggestion(_)
        | F::HelpSaveAppLog(_)
        | F::HelpSetBotUpdatesStatus(_)
        | F::MessagesSaveDraft(_)
        | F::MessagesClearAllDrafts(_) => context.give(&true),
        _ => return None,
    })
}

fn no_strings(lang_code: &str) -> types::LangPackDifference {
    types::LangPackDifference {
        lang_code: lang_code.to_owned(),
        version: 1,
        ..Default::default()
    }
}

/// One data centre, and the limits that the world has. Some libraries replace what they know by this, so the address
/// must be one that they can reach.
fn config(context: &Context<'_>) -> types::Config {
    let addr = context.app.addr;
    let ip = if addr.ip().is_unspecified() {
        "127.0.0.1".to_owned()
    } else {
        addr.ip().to_string()
    };
    let date = i32::try_from(now().as_secs()).unwrap_or(i32::MAX);
    types::Config {
        revoke_pm_inbox: true,
        date,
        expires: date.saturating_add(3600),
        this_dc: DC,
        dc_options: vec![types::DcOption {
            ipv6: addr.is_ipv6(),
            r#static: true,
            id: DC,
            ip_address: ip,
            port: addr.port().into(),
            ..Default::default()
        }],
        chat_size_max: 200,
        megagroup_size_max: 200_000,
        forwarded_count_max: 100,
        online_update_period_ms: 210_000,
        offline_blur_timeout_ms: 5000,
        offline_idle_timeout_ms: 30_000,
        online_cloud_timeout_ms: 300_000,
        notify_cloud_delay_ms: 30_000,
        notify_default_delay_ms: 1500,
        push_chat_period_ms: 60_000,
        push_chat_limit: 2,
        edit_time_limit: 172_800,
        revoke_time_limit: i32::MAX,
        revoke_pm_time_limit: i32::MAX,
        rating_e_decay: 2_419_200,
        stickers_recent_limit: 200,
        // Only layers before 143 have these.
        saved_gifs_limit: 200,
        stickers_faved_limit: 5,
        pinned_dialogs_count_max: 5,
        pinned_infolder_count_max: 100,
        channels_read_media_period: 604_800,
        call_receive_timeout_ms: 20_000,
        call_ring_timeout_ms: 90_000,
        call_connect_timeout_ms: 30_000,
        call_packet_timeout_ms: 10_000,
        me_url_prefix: "https://t.me/".into(),
        caption_length_max: 1024,
        message_length_max: 4096,
        webfile_dc_id: DC,
        ..Default::default()
    }
}
