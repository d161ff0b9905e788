//! Chats, messages and buttons as the command line names them.

use crate::failure::Failure;
use ringback_client::{Button, Client, DialogStart, Message, Peer, PeerId};

/// How far back the newest keyboard is looked for.
const BACK: i32 = 100;
/// How many pages of the list of chats are looked through for a number.
const PAGES: usize = 20;
const PAGE: i32 = 100;
/// Supergroups and channels, as the Bot API numbers them, lie below this.
const CHANNELS: i64 = -1_000_000_000_000;

/// A chat by its username, or by its number as bots see it.
pub(super) async fn chat(client: &Client, name: &str) -> Result<Peer, Failure> {
    let Ok(number) = name.parse::<i64>() else {
        return Ok(client.resolve(name).await?);
    };
    let id = match number {
        1.. => PeerId::User(number),
        _ if number < CHANNELS => PeerId::Channel(CHANNELS - number),
        _ => PeerId::Group(number.saturating_neg()),
    };
    let mut start = DialogStart::default();
    for _ in 0..PAGES {
        let page = client.dialogs(&start, PAGE).await?;
        if let Some(dialog) = page.dialogs.into_iter().find(|dialog| dialog.peer.id == id) {
            return Ok(dialog.peer);
        }
        let Some(next) = page.next else { break };
        start = next;
    }
    Err(Failure::NotThere {
        message: format!("this account has no chat {number}"),
        hint: "name it by its @username, or write there first".into(),
    })
}

/// A message by its number, or the newest with a keyboard.
pub(super) async fn message(client: &Client, chat: &Peer, id: Option<i32>) -> Result<Message, Failure> {
    if let Some(id) = id {
        let found = client.messages(chat, &[id]).await?.pop();
        return found.ok_or_else(|| Failure::NotThere {
            message: format!("there is no message {id} in this chat"),
            hint: "in a private chat each side numbers messages differently: take the presser's number"
                .into(),
        });
    }
    let history = client.history(chat, BACK).await?;
    let newest = history.into_iter().find(|message| !message.buttons.is_empty());
    newest.ok_or_else(|| Failure::NotThere {
        message: format!("none of the last {BACK} messages has a keyboard"),
        hint: "let the bot send one (write /start to it?), or name an older one with --message".into(),
    })
}

/// A button by its label: one that is the same, else the one that begins so, else the one that has it within.
pub(super) fn by_label<'a>(message: &'a Message, label: &str) -> Result<&'a Button, Failure> {
    let all: Vec<&Button> = message.buttons.iter().flatten().collect();
    let fits: [&dyn Fn(&str) -> bool; 3] =
        [&|text| text == label, &|text| text.starts_with(label), &|text| {
            text.contains(label)
        }];
    for fits in fits {
        let found: Vec<_> = all.iter().filter(|button| fits(&button.text)).collect();
        match found.as_slice() {
            [] => {}
            [button] => return Ok(button),
            // The same label twice means the same button to whoever looks at it: the first.
            [button, rest @ ..] if rest.iter().all(|other| other.text == button.text) => return Ok(button),
            several => {
                return Err(Failure::NotThere {
                    message: format!(
                        "“{label}” could be {}",
                        labels(several.iter().map(|button| **button))
                    ),
                    hint: "write more of the label, or name the place with --row and --column".into(),
                });
            }
        }
    }
    Err(Failure::NotThere {
        message: format!("message {} has no button “{label}”", message.id),
        hint: if all.is_empty() {
            "it has no keyboard at all".into()
        } else {
            format!("it has {}", labels(all))
        },
    })
}

/// A button by its row and column, from 0.
pub(super) fn by_place(message: &Message, row: usize, column: usize) -> Result<&Button, Failure> {
    let found = message.buttons.get(row).and_then(|row| row.get(column));
    found.ok_or_else(|| Failure::NotThere {
        message: format!(
            "message {} has no button in row {row}, column {column}",
            message.id
        ),
        hint: format!("it has {}", labels(message.buttons.iter().flatten())),
    })
}

fn labels<'a>(buttons: impl IntoIterator<Item = &'a Button>) -> String {
    let quoted: Vec<_> = buttons
        .into_iter()
        .map(|button| format!("“{}”", button.text))
        .collect();
    if quoted.is_empty() {
        "none".into()
    } else {
        quoted.join(", ")
    }
}
