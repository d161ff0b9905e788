//! Messages that are changed after the answer, in chats and in inline mode.

use ringback::api::{
    ChosenInlineResult, InlineKeyboardMarkup, InlineQuery, InlineQueryResult, InlineQueryResultArticle,
    InputFile, InputMediaPhoto, InputTextMessageContent, MessageOrTrue,
};
use ringback::data::Json;
use ringback::menu::Page;
use ringback::testing::Telegram;
use ringback::{ApiErrorKind, BoxError, CallbackQuery, Editor, Incoming, Keyboard, Outcome, Router, kinds};

type Button = Json<String>;

fn button(data: &str) -> Button {
    Json(data.to_owned())
}

async fn start(message: Incoming) -> Result<(), BoxError> {
    let page = Page::new("First").button("On", &button("on"));
    page.button("Away", &button("away")).send(&message)?.await?;
    Ok(())
}

async fn press(query: CallbackQuery<Button>) -> Result<Outcome, BoxError> {
    let (message, data, chat) = (query.editor(), query.data().to_string(), query.chat_id());
    let outcome = query.answer().text(format!("in {chat:?}")).await;
    match data.as_str() {
        // Twice: that it looks the same already is no error.
        "on" => {
            for _ in 0..2 {
                let page = Page::new("Second").button("Bare", &button("bare"));
                page.show_in(&message).await?;
            }
        }
        "bare" => drop(message.edit_reply_markup(None).await?),
        _ => drop(message.delete().await?),
    }
    Ok(outcome)
}

fn router() -> Router {
    Router::new().command("start", start).callback(press)
}

#[tokio::test]
async fn a_message_is_changed_after_the_answer() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram.run(router()).await;
    ann.send("/start").await;
    let old = ann.last().await;
    assert_eq!(
        ann.press("On").await.text(),
        Some(&*format!("in {:?}", Some(ann.id())))
    );
    let seen = ann.last().await;
    assert_eq!((seen.text(), seen.buttons()), ("Second", vec![vec!["Bare"]]));
    ann.press("Bare").await;
    assert!(ann.last().await.buttons().is_empty());
    assert_eq!(ann.last().await.text(), "Second");

    ann.send("/start").await;
    let second = ann.last().await;
    ann.press("Away").await;
    assert!(ann.message(second.message_id).await.is_none());
    assert!(telegram.reports().is_empty());
    // Ann's screen still has the button of the first.
    let stale = ann.forge_in(old.message_id, old.data("Away").unwrap()).await;
    assert!(stale.is_answered());
    assert!(ann.message(old.message_id).await.is_none());

    // Without a press, too: by where the message is.
    let gone = Editor::new(telegram.bot(), ann.id(), 1);
    let error = gone.edit_text("Never").await.unwrap_err();
    assert!(error.api().is_some(), "{error}");
    assert!(telegram.calls("editMessageText").await >= 3);
}

async fn offer(query: Incoming<InlineQuery>) -> Result<(), BoxError> {
    let from: u32 = query.offset.parse().unwrap_or(0);
    let keyboard = Keyboard::new().callback("On", &button("on")).build()?;
    let content = InputTextMessageContent::new("First");
    let bare = InlineQueryResultArticle::new("bare", "Bare", content.clone());
    let article =
        InlineQueryResultArticle::new("full", format!("Full {from}"), content).reply_markup(keyboard);
    let results: Vec<InlineQueryResult> = vec![article.into(), bare.into()];
    let more = if from == 0 { "1" } else { "" };
    query
        .answer(results)
        .with(|answer| answer.next_offset(more))
        .await?;
    Ok(())
}

async fn chosen(result: Incoming<ChosenInlineResult>) -> Result<(), BoxError> {
    let keyboard = Keyboard::new()
        .callback("On", &button("on"))
        .callback("Away", &button("away"));
    let Some(message) = result.editor() else {
        return Ok(()); // it has no keyboard
    };
    let edited = message
        .edit_text("Chosen")
        .with(|edit| edit.reply_markup(keyboard.build().unwrap()))
        .await?;
    assert!(matches!(edited, MessageOrTrue::True));
    Ok(())
}

#[tokio::test]
async fn so_is_one_that_was_sent_in_inline_mode() {
    let telegram = Telegram::start().await;
    let (ann, ben) = (telegram.person("Ann").await, telegram.person("Ben").await);
    let inline = router()
        .on(kinds::INLINE_QUERY, offer)
        .on(kinds::CHOSEN_INLINE_RESULT, chosen);
    telegram.run(inline).await;
    let (ann, ben) = (ann.in_chat(ben.id()), ben.in_chat(ann.id()));
    let offers = ann.type_inline("anything").await;
    assert_eq!(
        (offers.titles(), offers.next_offset()),
        (vec!["Full 0", "Bare"], Some("1"))
    );
    assert_eq!(ann.more(&offers).await.titles()[0], "Full 1");
    ann.choose(&offers, "Bare").await;
    assert_eq!(ben.last().await.text(), "First");
    ann.choose(&offers, "full").await;
    assert_eq!(ben.last().await.text(), "Chosen");
    assert_eq!(ben.press("On").await.text(), Some("in None"));
    assert_eq!(ann.last().await.text(), "Second");
    assert!(telegram.reports().is_empty());
    // A bot can't delete what others have sent by way of it.
    ann.choose(&offers, "full").await;
    assert!(ben.press("Away").await.is_answered());
    assert_eq!(telegram.reports().len(), 1);
    assert_eq!(ben.last().await.text(), "Chosen");
}

#[tokio::test]
async fn a_score_that_is_no_better_is_told_apart() {
    use ringback::api::{SendGame, SetGameScore};
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram.run(router()).await;
    ann.send("/start").await;
    let bot = telegram.bot();
    let game = bot.send(SendGame::new(ann.id(), "taps")).await.unwrap();
    let score = |points| {
        SetGameScore::new(ann.id(), points)
            .chat_id(ann.id())
            .message_id(game.message_id)
    };
    bot.send(score(5)).await.unwrap();
    let error = bot.send(score(4)).await.unwrap_err();
    assert!(error.is(ApiErrorKind::ScoreNotModified), "{error}");
    // Nobody answers the game's button: the wait ends all the same.
    assert!(ann.play().await.is_answered());
}

/// A picture of this size, as far as anybody looks: its header.
fn picture(name: &str, width: u8, height: u8) -> InputFile {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend([0, 0, 0, width, 0, 0, 0, height, 8, 2, 0, 0, 0]);
    InputFile::bytes(name, bytes)
}

fn album_page(page: u8) -> Result<InlineKeyboardMarkup, BoxError> {
    let next = button(&(page + 1).to_string());
    Ok(Keyboard::new().callback("Next", &next).build()?)
}

async fn first_picture(message: Incoming) -> Result<(), BoxError> {
    let photo = message.answer_photo(picture("1.png", 1, 1));
    let keyboard = album_page(1)?;
    photo
        .with(|photo| photo.caption("Page 1").reply_markup(keyboard))
        .await?;
    Ok(())
}

/// Turns the page: every other picture is uploaded, the rest are those that the chat has already.
async fn next_picture(query: CallbackQuery<Button>) -> Result<Outcome, BoxError> {
    let page: u8 = query.data().to_string().parse()?;
    let seen = query.message().and_then(|message| message.accessible());
    let media = match seen.and_then(|message| message.photo.as_deref()) {
        Some([size, ..]) if page.is_multiple_of(3) => InputFile::id(size.file_id.as_str()),
        _ => picture("n.png", page, 1),
    };
    let media = InputMediaPhoto::new(media).caption(format!("Page {page}"));
    let keyboard = album_page(page)?;
    query
        .edit_media(media)
        .with(|edit| edit.reply_markup(keyboard))
        .await?;
    Ok(query.answer().text(format!("turned to {page}")).await)
}

#[tokio::test]
async fn a_press_turns_the_picture() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    let router = Router::new()
        .command("start", first_picture)
        .callback(next_picture);
    telegram.run(router).await;
    ann.send("/start").await;
    let number = ann.last().await.message_id;
    for (page, width) in [(2, 2), (3, 2), (4, 4)] {
        let press = ann.press("Next").await;
        assert_eq!(press.text(), Some(&*format!("turned to {page}")));
        let seen = ann.last().await;
        assert_eq!((seen.message_id, seen.text()), (number, &*format!("Page {page}")));
        let photo = seen.photo.as_ref().unwrap();
        assert_eq!(photo[0].width, width, "page 3 shows the picture of page 2 again");
    }
    assert_eq!(telegram.calls("editMessageMedia").await, 3);
    assert!(telegram.reports().is_empty());
}
