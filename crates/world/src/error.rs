//! Telegram's errors, in one table: what each is called on MTProto and what the Bot API says.
//!
//! These texts are a compatibility surface: programs compare them. Where one comes from stands in its
//! documentation: *TBA* is the source of Telegram's own Bot API server, *TD* that of TDLib, *method pages* are
//! those of <https://core.telegram.org/methods>.

use serde::{Deserialize, Serialize};

/// What the Bot API answers: `error_code`, `description`, and `parameters.retry_after` in seconds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BotApiError {
    /// Also the HTTP status.
    pub code: u16,
    /// The text, exactly.
    pub description: String,
    /// Seconds to wait, for 429.
    pub retry_after: Option<u32>,
}

macro_rules! errors {
    ($($(#[$doc:meta])* $name:ident $({ $($field:ident : $ty:ty),+ })? => $code:tt $rpc:expr, $http:literal $text:expr;)*) => {
        /// Why the world refused.
        #[derive(Clone, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Error {
            $($(#[$doc])* #[error("{}", self.rpc().1)] #[allow(missing_docs)] $name $({ $($field: $ty),+ })?,)*
        }

        impl Error {
            /// Code and name on MTProto, as in `400 MESSAGE_ID_INVALID`.
            #[allow(unused_variables)]
            pub fn rpc(&self) -> (i32, String) {
                match self {
                    $(Error::$name $({ $($field),+ })? => ($code, $rpc.to_string()),)*
                }
            }

            /// What the Bot API server makes of it.
            #[allow(unused_variables)]
            pub fn bot_api(&self) -> BotApiError {
                let (code, description) = match self {
                    $(Error::$name $({ $($field),+ })? => ($http, $text.to_string()),)*
                };
                let (code, retry_after) = match self {
                    Error::Flood { seconds } => (429, Some(*seconds)),
                    Error::Fault { code, retry_after, .. } => (*code, *retry_after),
                    _ => (code, None),
                };
                BotApiError { code, description, retry_after }
            }
        }
    };
}

errors! {
    // ── presses (method page of messages.getBotCallbackAnswer) ──
    /// The bot did not answer in time.
    BotResponseTimeout => 400 "BOT_RESPONSE_TIMEOUT", 400 "Bad Request: BOT_RESPONSE_TIMEOUT";
    /// No channel has this id.
    ChannelInvalid => 400 "CHANNEL_INVALID", 400 "Bad Request: chat not found";
    /// A channel or supergroup that the caller is not in.
    ChannelPrivate => 400 "CHANNEL_PRIVATE", 403 "Forbidden: bot is not a member of the channel chat";
    /// The keyboard, as it stands now, holds no such data.
    DataInvalid => 400 "DATA_INVALID", 400 "Bad Request: DATA_INVALID";
    /// No message with this number where the caller looks.
    MessageIdInvalid => 400 "MESSAGE_ID_INVALID", 400 "Bad Request: MESSAGE_ID_INVALID";
    /// No such chat for the caller. The Bot API's text: TBA `check_chat`.
    PeerIdInvalid => 400 "PEER_ID_INVALID", 400 "Bad Request: chat not found";
    /// The button asks for the account's password and none came.
    PasswordMissing => 400 "PASSWORD_MISSING", 400 "Bad Request: PASSWORD_MISSING";
    /// The password is wrong.
    PasswordHashInvalid => 400 "PASSWORD_HASH_INVALID", 400 "Bad Request: PASSWORD_HASH_INVALID";

    // ── answers ──
    /// Late, unknown, foreign or (if so set) already answered. TBA `Client.cpp:146`; note the capital *ID*.
    QueryIdInvalid => 400 "QUERY_ID_INVALID", 400 "Bad Request: query is too old and response timeout expired or query ID is invalid";
    /// An answer's text over 200 characters (method page of messages.setBotCallbackAnswer).
    AnswerTooLong => 400 "MESSAGE_TOO_LONG", 400 "Bad Request: MESSAGE_TOO_LONG";
    /// An answer's URL that is neither the game's nor a `t.me/<bot>?start=` link (the same page).
    UrlInvalid => 400 "URL_INVALID", 400 "Bad Request: URL_INVALID";

    // ── keyboards ──
    /// Callback data must have 1 to 64 bytes.
    ButtonDataInvalid => 400 "BUTTON_DATA_INVALID", 400 "Bad Request: BUTTON_DATA_INVALID";
    /// A button's URL is not one.
    ButtonUrlInvalid => 400 "BUTTON_URL_INVALID", 400 "Bad Request: BUTTON_URL_INVALID";
    /// A button of a kind that may not stand here (a game button not in first place, say).
    ButtonTypeInvalid => 400 "BUTTON_TYPE_INVALID", 400 "Bad Request: BUTTON_TYPE_INVALID";
    /// All buttons together are too much (TBA `Client.cpp:112-161`).
    ReplyMarkupTooLong => 400 "REPLY_MARKUP_TOO_LONG", 400 "Bad Request: reply markup is too long";

    // ── messages ──
    /// Nothing to send.
    MessageEmpty => 400 "MESSAGE_EMPTY", 400 "Bad Request: message text is empty";
    /// Over 4096 characters.
    MessageTooLong => 400 "MESSAGE_TOO_LONG", 400 "Bad Request: message is too long";
    /// Over 1024 characters.
    CaptionTooLong => 400 "MEDIA_CAPTION_TOO_LONG", 400 "Bad Request: message caption is too long";
    /// The edit would change nothing. TBA `Client.cpp:108-111`.
    MessageNotModified => 400 "MESSAGE_NOT_MODIFIED", 400 "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message";
    /// TBA `check_message`.
    EditNotFound => 400 "MESSAGE_ID_INVALID", 400 "Bad Request: message to edit not found";
    /// Not the caller's, or not of a kind that can change. TD `can_edit_message`.
    CantBeEdited => 400 "MESSAGE_AUTHOR_REQUIRED", 400 "Bad Request: message can't be edited";
    /// TD `edit_message_text`.
    NoTextToEdit => 400 "MESSAGE_EDIT_FORBIDDEN", 400 "Bad Request: there is no text in the message to edit";
    /// TD `edit_message_caption`.
    NoCaptionToEdit => 400 "MESSAGE_EDIT_FORBIDDEN", 400 "Bad Request: there is no caption in the message to edit";
    /// TBA `check_message`.
    DeleteNotFound => 400 "MESSAGE_ID_INVALID", 400 "Bad Request: message to delete not found";
    /// Not the caller's to delete. TBA `Client.cpp:112-161`.
    CantBeDeleted => 403 "MESSAGE_DELETE_FORBIDDEN", 400 "Bad Request: message can't be deleted";
    /// TBA `check_message`.
    ForwardNotFound => 400 "MESSAGE_ID_INVALID", 400 "Bad Request: message to forward not found";
    /// TBA `check_message`.
    CopyNotFound => 400 "MESSAGE_ID_INVALID", 400 "Bad Request: message to copy not found";
    /// A kind of message that cannot be sent on, or one whose sender forbids it.
    CantBeForwarded => 400 "CHAT_FORWARDS_RESTRICTED", 400 "Bad Request: message can't be forwarded";
    /// A kind of message that cannot be copied.
    CantBeCopied => 400 "MESSAGE_ID_INVALID", 400 "Bad Request: message can't be copied";
    /// TBA `check_reply_parameters`.
    ReplyNotFound => 400 "REPLY_MESSAGE_ID_INVALID", 400 "Bad Request: message to be replied not found";
    /// The quoted text does not stand in the message (TD).
    QuoteNotFound => 400 "QUOTE_TEXT_INVALID", 400 "Bad Request: QUOTE_TEXT_INVALID";

    // ── rights ──
    /// The user has the bot on its black list. TBA `Client.cpp:112-161`.
    BotBlocked => 400 "USER_IS_BLOCKED", 403 "Forbidden: bot was blocked by the user";
    /// The user has blocked the caller, or the caller has blocked the bot.
    YouBlockedUser => 400 "YOU_BLOCKED_USER", 400 "Bad Request: YOU_BLOCKED_USER";
    /// A bot writes to someone whom it knows only from a chat.
    CantInitiate => 400 "PEER_ID_INVALID", 403 "Forbidden: bot can't initiate conversation with a user";
    /// A bot writes to a bot.
    BotToBot => 400 "USER_IS_BOT", 403 "Forbidden: bots can't send messages to bots";
    /// The bot is in no such basic group (any more).
    NotInGroup => 400 "CHAT_ID_INVALID", 403 "Forbidden: bot is not a member of the group chat";
    /// The bot is in no such supergroup (any more).
    NotInSupergroup => 400 "CHANNEL_PRIVATE", 403 "Forbidden: bot is not a member of the supergroup chat";
    /// Members of a channel may not post.
    NeedAdmin => 400 "CHAT_ADMIN_REQUIRED", 400 "Bad Request: need administrator rights in the channel chat";
    /// Kept from writing here (method page of messages.sendMessage; TD `check_rights`).
    WriteForbidden => 403 "CHAT_WRITE_FORBIDDEN", 400 "Bad Request: not enough rights to send text messages to the chat";
    /// Not an administrator, and would put someone out. TD `restrict_channel_participant`, as the four below.
    CantRestrict => 400 "CHAT_ADMIN_REQUIRED", 400 "Bad Request: not enough rights to restrict/unrestrict chat member";
    /// Nobody puts out the owner.
    CantRemoveOwner => 400 "USER_ADMIN_INVALID", 400 "Bad Request: can't remove chat owner";
    /// Nobody puts out oneself.
    CantRestrictSelf => 400 "USER_ID_INVALID", 400 "Bad Request: can't restrict self";
    /// Only the owner puts out an administrator.
    IsAdministrator => 400 "USER_ADMIN_INVALID", 400 "Bad Request: user is an administrator of the chat";
    /// Only supergroups know restricted members (TBA `process_restrict_chat_member_query`).
    SupergroupsOnly => 400 "CHANNEL_INVALID", 400 "Bad Request: method is available only for supergroups";
    /// There is nobody to put out of a private chat (TD `set_dialog_participant_status`).
    NotAGroup => 400 "CHAT_ID_INVALID", 400 "Bad Request: can't ban members in private chats";
    /// Not for bots.
    BotMethodInvalid => 400 "BOT_METHOD_INVALID", 400 "Bad Request: BOT_METHOD_INVALID";
    /// Only for bots.
    UserBotRequired => 400 "USER_BOT_REQUIRED", 400 "Bad Request: USER_BOT_REQUIRED";

    // ── people and chats ──
    /// TBA `check_user`.
    UserNotFound => 400 "USER_ID_INVALID", 400 "Bad Request: user not found";
    /// The user is not, and never was, in the chat.
    ParticipantIdInvalid => 400 "PARTICIPANT_ID_INVALID", 400 "Bad Request: PARTICIPANT_ID_INVALID";
    /// No one has this name.
    UsernameNotOccupied => 400 "USERNAME_NOT_OCCUPIED", 400 "Bad Request: chat not found";
    /// Someone else has it.
    UsernameOccupied => 400 "USERNAME_OCCUPIED", 400 "Bad Request: USERNAME_OCCUPIED";
    /// Not 1 to 32 of `A-Za-z0-9_`, or a bot's that does not end in `bot`.
    UsernameInvalid => 400 "USERNAME_INVALID", 400 "Bad Request: USERNAME_INVALID";
    /// The user is in the chat already (method page of messages.addChatUser).
    UserAlreadyParticipant => 400 "USER_ALREADY_PARTICIPANT", 400 "Bad Request: USER_ALREADY_PARTICIPANT";
    /// The user is not in the chat (method page of channels.leaveChannel).
    UserNotParticipant => 400 "USER_NOT_PARTICIPANT", 400 "Bad Request: USER_NOT_PARTICIPANT";
    /// The chat's creator cannot leave, be put out or be given another rank (method page of channels.leaveChannel).
    UserCreator => 400 "USER_CREATOR", 400 "Bad Request: USER_CREATOR";
    /// Who was put out comes back only by an administrator (method page of channels.inviteToChannel).
    UserKicked => 400 "USER_KICKED", 400 "Bad Request: USER_KICKED";
    /// Bots are in a channel as administrators only (method page of channels.inviteToChannel).
    BotInChannel => 400 "USER_BOT", 400 "Bad Request: USER_BOT";
    /// It is so already (method page of messages.editChatTitle).
    ChatNotModified => 400 "CHAT_NOT_MODIFIED", 400 "Bad Request: CHAT_NOT_MODIFIED";
    /// The chat has this name already (method page of channels.updateUsername).
    UsernameNotModified => 400 "USERNAME_NOT_MODIFIED", 400 "Bad Request: USERNAME_NOT_MODIFIED";
    /// No link ends like this (method page of messages.importChatInvite).
    InviteHashInvalid => 400 "INVITE_HASH_EXPIRED", 400 "Bad Request: INVITE_HASH_EXPIRED";
    /// Someone else has this number.
    PhoneOccupied => 400 "PHONE_NUMBER_OCCUPIED", 400 "Bad Request: PHONE_NUMBER_OCCUPIED";
    /// A name or title that is empty.
    TitleInvalid => 400 "CHAT_TITLE_EMPTY", 400 "Bad Request: title is empty";
    /// A token that has not the form `<id>:<secret>`.
    TokenInvalid => 400 "ACCESS_TOKEN_INVALID", 401 "Unauthorized: invalid token specified";
    /// No such login code, or not for this number (method page of auth.signIn).
    PhoneCodeInvalid => 400 "PHONE_CODE_INVALID", 400 "Bad Request: PHONE_CODE_INVALID";
    /// The login code was for another attempt (the same).
    PhoneCodeExpired => 400 "PHONE_CODE_EXPIRED", 400 "Bad Request: PHONE_CODE_EXPIRED";
    /// Not a phone number (method page of auth.sendCode).
    PhoneNumberInvalid => 400 "PHONE_NUMBER_INVALID", 400 "Bad Request: PHONE_NUMBER_INVALID";
    /// Nobody has this number (method page of contacts.resolvePhone).
    PhoneNotOccupied => 400 "PHONE_NOT_OCCUPIED", 400 "Bad Request: PHONE_NOT_OCCUPIED";
    /// The account has a password: it must be given now (method page of auth.signIn).
    SessionPasswordNeeded => 401 "SESSION_PASSWORD_NEEDED", 401 "Unauthorized: SESSION_PASSWORD_NEEDED";
    /// A password proof for a challenge that was never made (method page of auth.checkPassword).
    SrpIdInvalid => 400 "SRP_ID_INVALID", 400 "Bad Request: SRP_ID_INVALID";
    /// Nobody is signed in.
    NotSignedIn => 401 "AUTH_KEY_UNREGISTERED", 401 "Unauthorized";
    /// The proof that ties a temporary key to its permanent one does not hold (method page of auth.bindTempAuthKey).
    EncryptedMessageInvalid => 400 "ENCRYPTED_MESSAGE_INVALID", 400 "Bad Request: ENCRYPTED_MESSAGE_INVALID";
    /// A well-formed token that no bot has.
    Unauthorized => 401 "AUTH_KEY_UNREGISTERED", 401 "Unauthorized";
    /// The bot logged out of this server, less than 10 minutes ago (TBA).
    LoggedOut => 400 "LOGGED_OUT", 400 "Bad Request: Logged out";

    // ── games ──
    /// The bot has no game of this name.
    GameNotFound => 400 "GAME_BOT_INVALID", 400 "Bad Request: wrong game short name specified";
    /// The message holds no game of this bot.
    NoGame => 400 "MESSAGE_ID_INVALID", 400 "Bad Request: message has no game";
    /// The score is not above the present one and was not forced.
    ScoreNotModified => 400 "BOT_SCORE_NOT_MODIFIED", 400 "Bad Request: BOT_SCORE_NOT_MODIFIED";

    // ── inline mode ──
    /// Two results have the same id.
    ResultIdDuplicate => 400 "RESULT_ID_DUPLICATE", 400 "Bad Request: RESULT_ID_DUPLICATE";
    /// A result's id has not 1 to 64 bytes, or names no result.
    ResultIdInvalid => 400 "RESULT_ID_INVALID", 400 "Bad Request: RESULT_ID_INVALID";
    /// More than 50 results.
    ResultsTooMuch => 400 "RESULTS_TOO_MUCH", 400 "Bad Request: RESULTS_TOO_MUCH";

    // ── files ──
    /// TBA's text for a `file_id` that is not one.
    FileIdInvalid => 400 "FILE_ID_INVALID", 400 "Bad Request: wrong file identifier/HTTP URL specified";
    /// A photo's file_id where another file is asked for, or the reverse (TD `FileManager`; the names are those of its
    /// `FileType`).
    FileTypeMismatch { is: String, wanted: String } => 400 "FILE_ID_INVALID", 400 format!("Bad Request: can't use file of type {is} as {wanted}");

    // ── receiving (TBA `Client.cpp:15700-15800, 16225-16236`) ──
    /// A newer `getUpdates` took over.
    OtherGetUpdates => 409 "CONFLICT", 409 "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
    /// `setWebhook` ended this `getUpdates`.
    WebhookTookOver => 409 "CONFLICT", 409 "Conflict: terminated by setWebhook request";
    /// `getUpdates` while a webhook is set.
    WebhookActive => 409 "CONFLICT", 409 "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
    /// A webhook's address that cannot be one.
    BadWebhook { reason: String } => 400 "WEBHOOK_INVALID", 400 format!("Bad Request: bad webhook: {reason}");
    /// A secret token with other characters than `A-Za-z0-9_-`.
    SecretTokenInvalid => 400 "SECRET_TOKEN_INVALID", 400 "Bad Request: secret token contains unallowed characters";
    /// A secret token over 256 characters.
    SecretTokenTooLong => 400 "SECRET_TOKEN_INVALID", 400 "Bad Request: secret token is too long";

    // ── injected and general ──
    /// Too many requests (only as an injected fault).
    Flood { seconds: u32 } => 420 format!("FLOOD_WAIT_{seconds}"), 429 format!("Too Many Requests: retry after {seconds}");
    /// Whatever a fault rule says.
    Fault { code: u16, description: String, retry_after: Option<u32> } => (i32::from(*code)) description, 400 description;
    /// Bounds of a request that the method states.
    Limit { what: String } => 400 limit_name(what), 400 format!("Bad Request: {what}");

    // What was added later stands below: worlds on disk name errors by their place.

    // ── pins (TBA `check_message`; TD `can_pin_messages`, `pin_dialog_message`) ──
    /// No such message to pin.
    PinNotFound => 400 "MESSAGE_ID_INVALID", 400 "Bad Request: message to pin not found";
    /// No such message to unpin, or nothing is pinned.
    UnpinNotFound => 400 "MESSAGE_ID_INVALID", 400 "Bad Request: message to unpin not found";
    /// What the server itself said.
    ServiceCantBePinned => 400 "MESSAGE_ID_INVALID", 400 "Bad Request: a service message can't be pinned";
    /// Not an administrator; bots must be one in basic groups too.
    CantPin => 400 "CHAT_ADMIN_REQUIRED", 400 "Bad Request: not enough rights to manage pinned messages in the chat";

    // ── several messages at once (TD `get_forwarded_messages`, TBA `TdOnForwardMessagesCallback`) ──
    /// None of them is there.
    NothingToForward => 400 "MESSAGE_ID_INVALID", 400 "Bad Request: there are no messages to forward";
    /// A number that is not above the one before.
    ForwardOrder => 400 "MESSAGE_ID_INVALID", 400 "Bad Request: message identifiers must be in a strictly increasing order";
    /// None of those that are there may be sent on.
    NothingForwarded => 400 "MESSAGE_ID_INVALID", 400 "Bad Request: messages can't be forwarded";

    // ── chats (TD `DialogManager.cpp`, `DialogParticipantManager.cpp`, `DialogInviteLinkManager.cpp`, `ChatManager.cpp`) ──
    /// A private chat is not left but deleted.
    CantLeavePrivate => 400 "PEER_ID_INVALID", 400 "Bad Request: can't leave private chats";
    /// A private chat has the name of whoever is on its other side.
    CantRenamePrivate => 400 "PEER_ID_INVALID", 400 "Bad Request: can't change private chat title";
    /// The same.
    CantDescribePrivate => 400 "PEER_ID_INVALID", 400 "Bad Request: can't change private chat description";
    /// The same.
    CantInvitePrivate => 400 "PEER_ID_INVALID", 400 "Bad Request: can't invite members to a private chat";
    /// Not an administrator; bots must be one in basic groups too. The same holds for the two below.
    CantRename => 400 "CHAT_ADMIN_REQUIRED", 400 "Bad Request: not enough rights to change chat title";
    /// See above.
    CantDescribe => 400 "CHAT_ADMIN_REQUIRED", 400 "Bad Request: not enough rights to set chat description";
    /// See above.
    CantInvite => 400 "CHAT_ADMIN_REQUIRED", 400 "Bad Request: not enough rights to manage chat invite link";
    /// Over 255 characters (method page of messages.editChatAbout).
    DescriptionTooLong => 400 "CHAT_ABOUT_TOO_LONG", 400 "Bad Request: CHAT_ABOUT_TOO_LONG";
    /// It is so already (the same page; TBA `fail_query_with_error`).
    DescriptionNotModified => 400 "CHAT_ABOUT_NOT_MODIFIED", 400 "Bad Request: chat description is not modified";
    /// Only in supergroups and channels (TBA `process_promote_chat_member_query`).
    ChannelsOnly => 400 "CHANNEL_INVALID", 400 "Bad Request: method is available for supergroup and channel chats only";
    /// Nobody promotes oneself.
    CantPromoteSelf => 400 "USER_ID_INVALID", 400 "Bad Request: can't promote self";
    /// Not an administrator, and would make one.
    CantPromote => 400 "CHAT_ADMIN_REQUIRED", 400 "Bad Request: not enough rights";
    /// Only the owner has a say in the owner's title (TBA `process_set_chat_administrator_custom_title_query`, as the two below).
    OwnersTitle => 400 "USER_CREATOR", 400 "Bad Request: only creator can edit their custom title";
    /// Only administrators have titles.
    NotAnAdministrator => 400 "USER_ADMIN_INVALID", 400 "Bad Request: user is not an administrator";
    /// Not an administrator, or one's own title.
    CantTitle => 400 "CHAT_ADMIN_REQUIRED", 400 "Bad Request: not enough rights to change custom title of the user";
    /// Over 16 characters (method page of channels.editAdmin).
    AdminTitleInvalid => 400 "ADMIN_RANK_INVALID", 400 "Bad Request: ADMIN_RANK_INVALID";

    // ── links (method pages of messages.exportChatInvite and messages.editExportedChatInvite) ──
    /// The chat's own link never ends.
    InvitePermanent => 400 "CHAT_INVITE_PERMANENT", 400 "Bad Request: CHAT_INVITE_PERMANENT";
    /// A link that would end before it begins.
    InviteExpired => 400 "EXPIRE_DATE_INVALID", 400 "Bad Request: EXPIRE_DATE_INVALID";
    /// A name over 32 characters.
    InviteNameTooLong => 400 "CHAT_INVITE_NAME_INVALID", 400 "Bad Request: CHAT_INVITE_NAME_INVALID";

    // ── menu buttons (method page of bots.setBotMenuButton; TD `BotMenuButton.cpp`) ──
    /// Nothing on the button.
    MenuButtonTextEmpty => 400 "BUTTON_TEXT_INVALID", 400 "Bad Request: menu button text must be non-empty";
    /// Nothing to open.
    MenuButtonUrlEmpty => 400 "BUTTON_URL_INVALID", 400 "Bad Request: menu button URL must be non-empty";

    // ── dice, contacts and places ──
    /// This emoji does not roll (method page of messages.sendMedia).
    EmoticonInvalid => 400 "EMOTICON_INVALID", 400 "Bad Request: EMOTICON_INVALID";
    /// A contact without a number or a name, or with too long a vCard (the same page).
    ContactInvalid => 400 "MEDIA_INVALID", 400 "Bad Request: MEDIA_INVALID";
    // ── exchanged media; new errors come last, for the order is part of what is stored ──
    /// TD `edit_message_media`.
    NoMediaToEdit => 400 "MEDIA_PREV_INVALID", 400 "Bad Request: there is no media in the message to edit";
    /// Something that no message can be changed into (method page of messages.editMessage; TD refuses it before).
    NewMediaInvalid => 400 "MEDIA_NEW_INVALID", 400 "Bad Request: unsupported input message content type";
    /// An inline message takes only files that the server has already (Bot API, `editMessageMedia`; TD
    /// `edit_inline_message_media`).
    InlineUpload => 400 "MEDIA_INVALID", 400 "Bad Request: invalid message content specified";
    /// An album of nothing (TD `send_message_group`, as the three below).
    AlbumEmpty => 400 "MEDIA_EMPTY", 400 "Bad Request: there are no messages to send";
    /// More than ten.
    AlbumTooLong => 400 "MULTI_MEDIA_TOO_LONG", 400 "Bad Request: too many messages to send as an album";
    /// Files and music are among themselves.
    AlbumMixed { what: String } => 400 "MEDIA_GROUPED_INVALID", 400 format!("Bad Request: {what} can't be mixed with other media types");
    /// The words of all stand above, or of none.
    AlbumCaptionsDiffer => 400 "MEDIA_GROUPED_INVALID", 400 "Bad Request: parameter show_caption_above_media must be the same for all messages";
    /// Neither picture nor film, file nor music (TD `edit_message_media`).
    AlbumContentInvalid => 400 "MEDIA_GROUPED_INVALID", 400 "Bad Request: message content type can't be used in an album";
    /// A file or music in the place of something else, or the reverse (the same).
    AlbumTypeFixed => 400 "MEDIA_GROUPED_INVALID", 400 "Bad Request: can't change media type in the album";
}

/// Some bounds have a name of their own, which both APIs use.
fn limit_name(what: &str) -> &str {
    let named = what
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    if named { what } else { "LIMIT_INVALID" }
}
