//! One file per method: read what was asked, ask the world, write what came of it.

use super::{ApiError, Params, Reply, decode, encode};
use crate::app::App;
use crate::hub::Locked;
use ringback_botapi::{ChatId, InputFile};
use ringback_world::calls::{AddFile, Call, ReplyTo, Target};
use ringback_world::{
    Error, FileId, FileKind, InlineKeyboard, MessageId, Peer, ReplyMarkup, Seq, UserId, World,
};
use std::collections::HashMap;

mod asked;

macro_rules! methods {
    ($($(#[$files:ident])? $file:ident $name:literal;)*) => {
        $(mod $file;)*

        /// Every method that is carried out while the world is held.
        const METHODS: &[Entry] = &[
            Entry { name: "getUpdates", run: Run::GetUpdates, takes_files: false },
            $(Entry { name: $name, run: Run::Now($file::run), takes_files: methods!(@files $($files)?) },)*
        ];
    };
    (@files files) => { true };
    (@files) => { false };
}

methods! {
    answer_callback_query "answerCallbackQuery";
    answer_inline_query "answerInlineQuery";
    ban_chat_member "banChatMember";
    close "close";
    copy_message "copyMessage";
    copy_messages "copyMessages";
    create_chat_invite_link "createChatInviteLink";
    delete_message "deleteMessage";
    delete_messages "deleteMessages";
    delete_my_commands "deleteMyCommands";
    delete_webhook "deleteWebhook";
    edit_chat_invite_link "editChatInviteLink";
    edit_message_caption "editMessageCaption";
    edit_message_reply_markup "editMessageReplyMarkup";
    edit_message_text "editMessageText";
    export_chat_invite_link "exportChatInviteLink";
    forward_message "forwardMessage";
    forward_messages "forwardMessages";
    get_chat "getChat";
    get_chat_administrators "getChatAdministrators";
    get_chat_member "getChatMember";
    get_chat_member_count "getChatMemberCount";
    get_chat_menu_button "getChatMenuButton";
    get_file "getFile";
    get_game_high_scores "getGameHighScores";
    get_me "getMe";
    get_my_commands "getMyCommands";
    get_my_default_administrator_rights "getMyDefaultAdministratorRights";
    get_my_description "getMyDescription";
    get_my_name "getMyName";
    get_my_short_description "getMyShortDescription";
    get_user_profile_photos "getUserProfilePhotos";
    get_webhook_info "getWebhookInfo";
    leave_chat "leaveChat";
    log_out "logOut";
    pin_chat_message "pinChatMessage";
    promote_chat_member "promoteChatMember";
    restrict_chat_member "restrictChatMember";
    revoke_chat_invite_link "revokeChatInviteLink";
    send_chat_action "sendChatAction";
    send_contact "sendContact";
    send_dice "sendDice";
    #[files] send_document "sendDocument";
    send_game "sendGame";
    send_location "sendLocation";
    send_message "sendMessage";
    #[files] send_photo "sendPhoto";
    send_venue "sendVenue";
    set_chat_administrator_custom_title "setChatAdministratorCustomTitle";
    set_chat_description "setChatDescription";
    set_chat_menu_button "setChatMenuButton";
    set_chat_title "setChatTitle";
    set_game_score "setGameScore";
    set_my_commands "setMyCommands";
    set_my_default_administrator_rights "setMyDefaultAdministratorRights";
    set_my_description "setMyDescription";
    set_my_name "setMyName";
    set_my_short_description "setMyShortDescription";
    set_webhook "setWebhook";
    unban_chat_member "unbanChatMember";
    unpin_all_chat_messages "unpinAllChatMessages";
    unpin_chat_message "unpinChatMessage";
}

/// A method that this server has.
pub(super) struct Entry {
    /// Its name as Telegram writes it.
    pub name: &'static str,
    pub run: Run,
    takes_files: bool,
}

/// How a method is carried out.
#[derive(Clone, Copy)]
pub(super) enum Run {
    /// At once.
    Now(fn(&mut Context<'_>) -> Result<Reply, ApiError>),
    /// It may wait.
    GetUpdates,
}

pub(super) use get_file::file_at;

/// Names of older versions of the Bot API, which the official server still takes (TBA `init_methods`).
const OLD_NAMES: &[(&str, &str)] = &[
    ("getChatMembersCount", "getChatMemberCount"),
    ("kickChatMember", "banChatMember"),
];

/// The method of that name, in any letter case.
pub(super) fn find(name: &str) -> Option<&'static Entry> {
    let old = OLD_NAMES.iter().find(|(old, _)| old.eq_ignore_ascii_case(name));
    let name = old.map_or(name, |(_, new)| new);
    METHODS.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
}

/// A file that came with the request, kept already.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    digest: String,
    size: u64,
    file_name: Option<String>,
    mime_type: Option<String>,
    /// In pixels, if it is a picture.
    dimensions: Option<(u32, u32)>,
}

/// Keeps the files that came with a request, before the world is held: that may take a while.
pub(super) fn keep_uploads(
    app: &App,
    entry: &Entry,
    params: &Params,
) -> Result<HashMap<String, Kept>, ApiError> {
    let mut kept = HashMap::new();
    if !entry.takes_files {
        return Ok(kept);
    }
    for file in params.files() {
        let dimensions = imagesize::blob_size(&file.content).ok();
        let digest = app.hub.blobs.put(file.content.clone()).map_err(|error| {
            tracing::error!(%error, "cannot keep a file");
            ApiError::new(500, "Internal Server Error: can't keep the file")
        })?;
        let file_kept = Kept {
            digest,
            size: file.content.len() as u64,
            file_name: Some(file.file_name.clone()).filter(|name| !name.is_empty()),
            mime_type: file.content_type.clone(),
            dimensions: dimensions
                .and_then(|size| Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))),
        };
        kept.insert(file.name.clone(), file_kept);
    }
    Ok(kept)
}

/// What a method works with.
pub(super) struct Context<'a> {
    locked: Locked<'a>,
    /// Who calls.
    pub bot: UserId,
    /// The call's journal entry.
    cause: Seq,
    /// What was sent along.
    pub params: &'a Params,
    uploads: HashMap<String, Kept>,
}

impl<'a> Context<'a> {
    pub(super) fn new(
        app: &'a App,
        bot: UserId,
        cause: Seq,
        params: &'a Params,
        uploads: HashMap<String, Kept>,
    ) -> Context<'a> {
        Context {
            locked: app.hub.lock(),
            bot,
            cause,
            params,
            uploads,
        }
    }

    /// To look at.
    fn world(&self) -> &World {
        self.locked.world()
    }

    /// The parameters as the method's own type.
    fn asked<M: serde::de::DeserializeOwned>(&self) -> Result<M, ApiError> {
        Ok(self.params.decode()?)
    }

    /// Lets something happen because of this call.
    fn call<C: Call>(&mut self, call: C) -> Result<C::Output, ApiError> {
        Ok(self.locked.call(Some(self.cause), call)?)
    }

    /// The inline keyboard that was sent along; no other may be.
    fn keyboard(&self) -> Result<Option<InlineKeyboard>, ApiError> {
        match self.params.reply_markup()? {
            None => Ok(None),
            Some(ReplyMarkup::Inline(keyboard)) => Ok(Some(keyboard)),
            Some(_) => Err(ApiError::new(400, "Bad Request: inline keyboard expected")),
        }
    }

    /// The chat that a parameter names.
    fn peer(&self, chat: &ChatId) -> Result<Peer, ApiError> {
        let found = match chat {
            ChatId::Id(id) => Peer::from_chat_id(*id),
            ChatId::Username(name) if name.is_empty() => {
                return Err(ApiError::new(400, "Bad Request: chat_id is empty"));
            }
            // Bots find groups and channels by name, not people.
            ChatId::Username(name) => self
                .world()
                .resolve(name)
                .filter(|peer| !matches!(peer, Peer::User(_))),
        };
        found.ok_or_else(|| Error::PeerIdInvalid.into())
    }

    /// The message that is replied to.
    fn reply_to(&self) -> Result<Option<ReplyTo>, ApiError> {
        decode::reply_to(self.params, |chat| self.peer(&chat))
    }

    /// The message to edit: `chat_id` and `message_id`, or `inline_message_id`.
    fn target(
        &self,
        chat: Option<&ChatId>,
        message: Option<i64>,
        inline: Option<&str>,
    ) -> Result<Target, ApiError> {
        match (chat, inline) {
            (None, Some(inline)) => encode::read_inline_message_id(inline)
                .map(Target::Inline)
                .ok_or_else(|| Error::MessageIdInvalid.into()),
            (Some(chat), _) => {
                let id = message.and_then(|id| i32::try_from(id).ok()).filter(|id| *id > 0);
                let id =
                    id.ok_or_else(|| ApiError::new(400, "Bad Request: message identifier is not specified"))?;
                Ok(Target::Message(self.peer(chat)?, MessageId(id)))
            }
            (None, None) => Err(ApiError::new(
                400,
                "Bad Request: message identifier is not specified",
            )),
        }
    }

    /// What an edited message gives: the message, or `true` if it is known only by its inline name.
    fn edited(&self, target: Target, message: &ringback_world::Message) -> Result<Reply, ApiError> {
        match target {
            Target::Message(..) => self.message(message),
            Target::Inline(_) => Ok(Reply::done()),
        }
    }

    /// A message as this bot sees it.
    fn message(&self, message: &ringback_world::Message) -> Result<Reply, ApiError> {
        Reply::json(&encode::message(self.world(), self.bot, message))
    }

    /// The file that a parameter names or brings.
    fn file(&mut self, parameter: &str, file: &InputFile, as_photo: bool) -> Result<FileId, ApiError> {
        let part = match file {
            InputFile::Attach(part) => part.as_str(),
            InputFile::Id(id) => {
                let known = encode::read_file_id(id)
                    .and_then(|(_, id)| self.world().file(id))
                    .ok_or(Error::FileIdInvalid)?;
                return match (&known.kind, as_photo) {
                    (FileKind::Photo { .. }, true) | (FileKind::Document { .. }, false) => Ok(known.id),
                    _ => Err(Error::FileTypeMismatch.into()),
                };
            }
            InputFile::Url(_) => {
                return Err(ApiError::new(
                    400,
                    "Bad Request: failed to get HTTP URL content: this local server fetches nothing",
                ));
            }
            _ => parameter,
        };
        let kept = self.uploads.get(part).cloned().ok_or_else(|| {
            ApiError::new(
                400,
                format!("Bad Request: there is no {parameter} in the request"),
            )
        })?;
        if kept.size == 0 {
            return Err(ApiError::new(400, "Bad Request: file must be non-empty"));
        }
        let kind = match (as_photo, kept.dimensions) {
            (true, Some((width, height))) => FileKind::Photo { width, height },
            (true, None) => return Err(ApiError::new(400, "Bad Request: IMAGE_PROCESS_FAILED")),
            (false, _) => FileKind::Document {
                name: kept.file_name,
                mime_type: kept.mime_type,
            },
        };
        self.call(AddFile {
            digest: kept.digest,
            size: kept.size,
            kind,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_is_in_the_readme() {
        let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
        let readme = std::fs::read_to_string(readme).unwrap();
        for entry in METHODS {
            assert!(
                readme.contains(&format!("`{}`", entry.name)),
                "the README does not list {}",
                entry.name
            );
        }
    }

    #[test]
    fn every_method_has_telegrams_name() {
        for entry in METHODS {
            assert!(ringback_botapi::METHODS.contains(&entry.name), "{}", entry.name);
        }
        assert!(find("SETWEBHOOK").is_some());
        for (old, new) in OLD_NAMES {
            assert_eq!(find(old).map(|entry| entry.name), Some(*new));
        }
    }
}
