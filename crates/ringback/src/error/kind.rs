//! [`ApiErrorKind`]: what the server's texts mean.

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident: $code:literal $match:ident $text:literal
        $(or $other:ident $more:literal)*,)*) => {
        /// The refusals that a bot acts on, told apart by the server's own texts.
        ///
        /// The texts are those of Telegram's Bot API server (`telegram-bot-api`, `Client.cpp` and TDLib's
        /// `MessagesManager.cpp`); the server gives no other sign. What is not in this list is
        /// [`Other`](Self::Other), with the text in [`ApiError::description`](crate::ApiError::description).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ApiErrorKind {
            $($(#[$doc])* $kind,)*
            /// None of the above.
            Other,
        }

        /// code, how to compare, text, kind: the first that matches says what an error is.
        const TABLE: &[(u16, Compare, &str, ApiErrorKind)] =
            &[$(($code, Compare::$match, $text, ApiErrorKind::$kind),
                $(($code, Compare::$other, $more, ApiErrorKind::$kind),)*)*];
    };
}

enum Compare {
    /// The description is this text.
    Is,
    /// The description starts with this text.
    Starts,
    /// Any description with this code: the text is for the reader.
    Any,
}

kinds! {
    /// The query was answered too late, twice, or was never this bot's: nothing can be done for it any more.
    QueryTooOld: 400 Is "Bad Request: query is too old and response timeout expired or query ID is invalid",
    /// The edit asks for what the message shows already.
    MessageNotModified: 400 Starts "Bad Request: message is not modified",
    /// The message to edit is gone, or was never there.
    MessageToEditNotFound: 400 Is "Bad Request: message to edit not found",
    /// The message to delete is gone, or was never there.
    MessageToDeleteNotFound: 400 Is "Bad Request: message to delete not found",
    /// The message to forward is gone, or was never there.
    MessageToForwardNotFound: 400 Is "Bad Request: message to forward not found",
    /// The message to copy is gone, or was never there.
    MessageToCopyNotFound: 400 Is "Bad Request: message to copy not found",
    /// The message to reply to is gone, or was never there.
    MessageToReplyNotFound: 400 Is "Bad Request: message to be replied not found",
    /// The message can't be edited: it is not the bot's, or of a kind that has nothing to edit.
    MessageCantBeEdited: 400 Is "Bad Request: message can't be edited",
    /// The message can't be deleted: too old, or not the bot's to delete.
    MessageCantBeDeleted: 400 Starts "Bad Request: message can't be deleted",
    /// The message has no text (a photo's words are its caption).
    NoTextToEdit: 400 Is "Bad Request: there is no text in the message to edit",
    /// The message has no caption (it has no media).
    NoCaptionToEdit: 400 Is "Bad Request: there is no caption in the message to edit",
    /// The message id is not one the bot can use here.
    MessageIdInvalid: 400 Is "Bad Request: MESSAGE_ID_INVALID",
    /// The text is longer than the field takes.
    MessageTooLong: 400 Is "Bad Request: message is too long",
    /// The same of an answer's or a caption's text, in the words of another layer.
    TextTooLong: 400 Is "Bad Request: MESSAGE_TOO_LONG",
    /// The caption is longer than 1024 characters.
    CaptionTooLong: 400 Is "Bad Request: message caption is too long",
    /// A message must have a text.
    MessageTextEmpty: 400 Is "Bad Request: message text is empty",
    /// The forum's topic was deleted, or was never there.
    MessageThreadNotFound: 400 Is "Bad Request: message thread not found",
    /// The bot has never seen this chat, or it is gone.
    ChatNotFound: 400 Is "Bad Request: chat not found",
    /// There is no such user, or the bot has never met them.
    UserNotFound: 400 Is "Bad Request: user not found",
    /// The user is not a member of the chat, and never was.
    ParticipantIdInvalid: 400 Is "Bad Request: PARTICIPANT_ID_INVALID",
    /// The bot is no administrator, or one without this right.
    NotEnoughRights: 400 Starts "Bad Request: not enough rights",
    /// The same in a channel.
    NeedAdministratorRights: 400 Starts "Bad Request: need administrator rights",
    /// A file_id that is none, or of another bot; or a URL that can't be fetched.
    WrongFileId: 400 Starts "Bad Request: wrong file identifier/HTTP URL specified"
        or Starts "Bad Request: wrong remote file identifier specified",
    /// The file is larger than Telegram's server gives out, or takes from a URL.
    FileTooBig: 400 Starts "Bad Request: file is too big",
    /// A button's data is not 1 to 64 bytes.
    ButtonDataInvalid: 400 Is "Bad Request: BUTTON_DATA_INVALID",
    /// A button's URL is not one that Telegram opens.
    ButtonUrlInvalid: 400 Is "Bad Request: BUTTON_URL_INVALID",
    /// A button is of a type that can't be used here.
    ButtonTypeInvalid: 400 Is "Bad Request: BUTTON_TYPE_INVALID",
    /// The user's privacy settings don't allow a button that leads to them.
    ButtonUserPrivacyRestricted: 400 Is "Bad Request: BUTTON_USER_PRIVACY_RESTRICTED",
    /// A keyboard with too many, or too long, buttons.
    ReplyMarkupTooLong: 400 Is "Bad Request: reply markup is too long",
    /// The text's markup (HTML, MarkdownV2) does not parse.
    CantParseEntities: 400 Starts "Bad Request: can't parse entities",
    /// The group is a supergroup now; see [`ApiError::migrate_to_chat_id`](crate::ApiError::migrate_to_chat_id).
    GroupMigrated: 400 Starts "Bad Request: group chat was upgraded to a supergroup chat",
    /// The score is not above the present one, and was not forced.
    ScoreNotModified: 400 Is "Bad Request: BOT_SCORE_NOT_MODIFIED",
    /// The webhook's address can't be one; the text says why.
    BadWebhook: 400 Starts "Bad Request: bad webhook",
    /// The user has blocked the bot.
    BotBlocked: 403 Is "Forbidden: bot was blocked by the user",
    /// The bot is not in this group any more.
    BotKicked: 403 Starts "Forbidden: bot was kicked",
    /// The bot is not a member of this group or channel.
    BotNotMember: 403 Starts "Forbidden: bot is not a member of the",
    /// A bot can't write to a bot.
    BotToBot: 403 Is "Forbidden: bots can't send messages to bots",
    /// The user's account is gone.
    UserDeactivated: 403 Is "Forbidden: user is deactivated",
    /// The user has never written to the bot.
    CantInitiateConversation: 403 Starts "Forbidden: bot can't initiate conversation with a user",
    /// The token is not, or no longer, a bot's.
    Unauthorized: 401 Any "Unauthorized",
    /// Another program polls with the same token.
    TerminatedByOtherPoller: 409 Starts "Conflict: terminated by other getUpdates request",
    /// Polling while a webhook is set.
    WebhookActive: 409 Starts "Conflict: can't use getUpdates method while webhook is active",
    /// Polling was ended by a webhook that was set meanwhile.
    TerminatedByWebhook: 409 Starts "Conflict: terminated by setWebhook request",
    /// Another setWebhook came before this one was done.
    TerminatedByOtherWebhook: 409 Starts "Conflict: terminated by other setWebhook",
    /// Too many calls; see [`ApiError::retry_after`](crate::ApiError::retry_after).
    TooManyRequests: 429 Any "Too Many Requests: retry after N",
    /// The files, or the parameters, are larger than the server takes.
    RequestTooLarge: 413 Any "Request Entity Too Large",
    /// The server is restarting; soon it takes calls again.
    Restarting: 500 Is "Internal Server Error: restart",
    /// The server has no such method; a local server may be older than this crate.
    MethodNotFound: 404 Is "Not Found: method not found",
}

impl ApiErrorKind {
    pub(super) fn of(code: u16, description: &str) -> Self {
        let matches = |(of, compare, text, _): &&(u16, Compare, &str, ApiErrorKind)| {
            *of == code
                && match compare {
                    Compare::Is => description == *text,
                    Compare::Starts => description.starts_with(text),
                    Compare::Any => true,
                }
        };
        TABLE
            .iter()
            .find(matches)
            .map_or(ApiErrorKind::Other, |row| row.3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_the_servers_texts() {
        use ApiErrorKind::*;
        // As the server writes them, whole.
        for (code, text, kind) in [
            (
                400,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
                QueryTooOld,
            ),
            (
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly \
                 the same as a current content and reply markup of the message",
                MessageNotModified,
            ),
            (
                400,
                "Bad Request: message to edit not found",
                MessageToEditNotFound,
            ),
            (
                400,
                "Bad Request: message to delete not found",
                MessageToDeleteNotFound,
            ),
            (
                400,
                "Bad Request: message to forward not found",
                MessageToForwardNotFound,
            ),
            (
                400,
                "Bad Request: message to copy not found",
                MessageToCopyNotFound,
            ),
            (
                400,
                "Bad Request: message to be replied not found",
                MessageToReplyNotFound,
            ),
            (400, "Bad Request: message can't be edited", MessageCantBeEdited),
            (400, "Bad Request: message can't be deleted", MessageCantBeDeleted),
            (
                400,
                "Bad Request: message can't be deleted for everyone",
                MessageCantBeDeleted,
            ),
            (
                400,
                "Bad Request: there is no text in the message to edit",
                NoTextToEdit,
            ),
            (
                400,
                "Bad Request: there is no caption in the message to edit",
                NoCaptionToEdit,
            ),
            (400, "Bad Request: MESSAGE_ID_INVALID", MessageIdInvalid),
            (400, "Bad Request: message is too long", MessageTooLong),
            (400, "Bad Request: message caption is too long", CaptionTooLong),
            (400, "Bad Request: MESSAGE_TOO_LONG", TextTooLong),
            (400, "Bad Request: message text is empty", MessageTextEmpty),
            (400, "Bad Request: chat not found", ChatNotFound),
            (400, "Bad Request: user not found", UserNotFound),
            (400, "Bad Request: PARTICIPANT_ID_INVALID", ParticipantIdInvalid),
            (
                400,
                "Bad Request: not enough rights to send text messages to the chat",
                NotEnoughRights,
            ),
            (
                400,
                "Bad Request: need administrator rights in the channel chat",
                NeedAdministratorRights,
            ),
            (
                400,
                "Bad Request: wrong file identifier/HTTP URL specified",
                WrongFileId,
            ),
            (
                400,
                "Bad Request: wrong remote file identifier specified: wrong padding in the string",
                WrongFileId,
            ),
            (
                400,
                "Bad Request: message thread not found",
                MessageThreadNotFound,
            ),
            (400, "Bad Request: file is too big", FileTooBig),
            (400, "Bad Request: BUTTON_DATA_INVALID", ButtonDataInvalid),
            (400, "Bad Request: BUTTON_URL_INVALID", ButtonUrlInvalid),
            (400, "Bad Request: BUTTON_TYPE_INVALID", ButtonTypeInvalid),
            (
                400,
                "Bad Request: BUTTON_USER_PRIVACY_RESTRICTED",
                ButtonUserPrivacyRestricted,
            ),
            (400, "Bad Request: reply markup is too long", ReplyMarkupTooLong),
            (
                400,
                "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
                CantParseEntities,
            ),
            (
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                GroupMigrated,
            ),
            (400, "Bad Request: BOT_SCORE_NOT_MODIFIED", ScoreNotModified),
            (
                400,
                "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
                BadWebhook,
            ),
            (403, "Forbidden: bot was blocked by the user", BotBlocked),
            (
                403,
                "Forbidden: bot was kicked from the supergroup chat",
                BotKicked,
            ),
            (403, "Forbidden: bot was kicked from the group chat", BotKicked),
            (
                403,
                "Forbidden: bot is not a member of the channel chat",
                BotNotMember,
            ),
            (403, "Forbidden: bots can't send messages to bots", BotToBot),
            (403, "Forbidden: user is deactivated", UserDeactivated),
            (
                403,
                "Forbidden: bot can't initiate conversation with a user",
                CantInitiateConversation,
            ),
            (401, "Unauthorized", Unauthorized),
            (401, "Unauthorized: invalid token specified", Unauthorized),
            (
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                TerminatedByOtherPoller,
            ),
            (
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the \
                 webhook first",
                WebhookActive,
            ),
            (
                409,
                "Conflict: terminated by setWebhook request",
                TerminatedByWebhook,
            ),
            (
                409,
                "Conflict: terminated by other setWebhook",
                TerminatedByOtherWebhook,
            ),
            (429, "Too Many Requests: retry after 5", TooManyRequests),
            (413, "Request Entity Too Large", RequestTooLarge),
            (500, "Internal Server Error: restart", Restarting),
            (404, "Not Found: method not found", MethodNotFound),
            (404, "Not Found", Other),
            (400, "Bad Request: something new", Other),
            // As another library expects it, and no server says it.
            (
                400,
                "Bad Request: query is too old and response timeout expired or query id is invalid",
                Other,
            ),
        ] {
            assert_eq!(ApiErrorKind::of(code, text), kind, "{text}");
            // The text alone is not enough: the code belongs to it.
            assert_eq!(ApiErrorKind::of(502, text), Other, "{text}");
        }
    }
}
