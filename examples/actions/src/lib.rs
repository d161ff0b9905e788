//! Buttons that make the bot do something for a few seconds, as the top of the chat shows: type, record, upload.

use ringback::api::{ChatAction, SendChatAction};
use ringback::data::CallbackData;
use ringback::{Answer, Bot, BoxError, CallbackQuery, Incoming, Keyboard, Router};

/// What the buttons carry, and what the bot then seems to do.
#[derive(CallbackData, Clone, Copy)]
#[callback_data(prefix = "action")]
enum Action {
    Type,
    RecordVoice,
    UploadPhoto,
    UploadDocument,
    ChooseSticker,
    FindLocation,
}

impl Action {
    const ALL: [Action; 6] = [
        Action::Type,
        Action::RecordVoice,
        Action::UploadPhoto,
        Action::UploadDocument,
        Action::ChooseSticker,
        Action::FindLocation,
    ];

    fn label(self) -> &'static str {
        match self {
            Action::Type => "Type",
            Action::RecordVoice => "Record a voice message",
            Action::UploadPhoto => "Send a photo",
            Action::UploadDocument => "Send a file",
            Action::ChooseSticker => "Choose a sticker",
            Action::FindLocation => "Find a place",
        }
    }

    fn shown(self) -> ChatAction {
        match self {
            Action::Type => ChatAction::Typing,
            Action::RecordVoice => ChatAction::RecordVoice,
            Action::UploadPhoto => ChatAction::UploadPhoto,
            Action::UploadDocument => ChatAction::UploadDocument,
            Action::ChooseSticker => ChatAction::ChooseSticker,
            Action::FindLocation => ChatAction::FindLocation,
        }
    }
}

async fn start(message: Incoming) -> Result<(), BoxError> {
    let mut keyboard = Keyboard::new();
    for action in Action::ALL {
        keyboard = keyboard.callback(action.label(), &action).row();
    }
    let keyboard = keyboard.build()?;
    message
        .answer("What shall I do?")
        .with(|m| m.reply_markup(keyboard))
        .await?;
    Ok(())
}

async fn act(query: CallbackQuery<Action>, bot: Bot) -> Result<Answer, BoxError> {
    let action = *query.data();
    let Some(message) = query.message() else {
        return Ok(query
            .answer()
            .alert("I can't do this in a message sent by way of me."));
    };
    bot.send(SendChatAction::new(message.chat().id, action.shown()))
        .await?;
    Ok(query.answer().text("Look at the top of the chat."))
}

/// The bot's handlers.
pub fn router() -> Router {
    Router::new().command("start", start).callback(act)
}
