//! A shop whose buttons carry the price, so that a price list may change while old offers still hold.
//!
//! `/shop` shows the goods, page by page. *Buy* asks once more, and the purchase happens once: the first question is
//! sealed data, good for as long as the message is there, and bound to the user whom it was offered to; the second is
//! stored data, good for ten minutes and for one press.

mod goods;

pub use goods::{GOODS, Good};

use std::sync::Mutex;
use std::time::Duration;

use ringback::data::{Keys, Stash};
use ringback::menu::Page;
use ringback::{BoxError, CallbackData, CallbackQuery, Incoming, Outcome, Router, State};

/// How many goods a page shows.
const ON_A_PAGE: usize = 3;
/// How long a confirmation can be given.
const CONFIRM_WITHIN: Duration = Duration::from_secs(600);

/// Another page of the list. Anybody may look, nothing is lost: it is readable.
#[derive(CallbackData)]
#[callback_data(prefix = "goods")]
struct Goods {
    page: u32,
}

/// An offer: this good, at this price, to this user. Whoever could write this could name the price, so it is sealed.
#[derive(CallbackData)]
#[callback_data(prefix = "$", codec = "sealed", bind(user))]
struct Offer {
    good: u16,
    cents: u32,
}

/// The user's last word. It is used up by the press, so that two presses are one purchase.
#[derive(CallbackData)]
#[callback_data(prefix = "&", codec = "stored", bind(user))]
struct Purchase {
    good: u16,
    cents: u32,
}

/// Back to the list, without buying.
#[derive(CallbackData)]
#[callback_data(prefix = "cancel")]
struct Cancel;

/// What was sold: the buyer, the good's number and what was paid.
#[derive(Debug, Default)]
pub struct Sales(Mutex<Vec<(i64, u16, u32)>>);

impl Sales {
    /// All sales so far.
    pub fn all(&self) -> Vec<(i64, u16, u32)> {
        self.0.lock().map(|sales| sales.clone()).unwrap_or_default()
    }

    fn add(&self, buyer: i64, good: u16, cents: u32) {
        if let Ok(mut sales) = self.0.lock() {
            sales.push((buyer, good, cents));
        }
    }
}

fn price(cents: u32) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// A page of goods, each with an offer to this user.
fn list(keys: &Keys, user: i64, page: u32) -> Page {
    let pages = GOODS.len().div_ceil(ON_A_PAGE) as u32;
    let page = page.clamp(1, pages);
    let goods = GOODS
        .iter()
        .zip(0..)
        .skip((page as usize - 1) * ON_A_PAGE)
        .take(ON_A_PAGE);
    let list = goods.fold(Page::new("What would you like?"), |list, (good, number)| {
        let offer = Offer {
            good: number,
            cents: good.cents,
        };
        let text = format!("{} for {}", good.name, price(good.cents));
        list.button(text, &keys.seal(&offer).user(user))
    });
    list.with(|keyboard| keyboard.pages(page, pages, |page| Goods { page }))
}

async fn shop(message: Incoming, keys: State<Keys>) -> Result<(), BoxError> {
    let Some(user) = message.from.as_ref().map(|user| user.id) else {
        return Ok(());
    };
    list(&keys, user, 1).send(&message)?.await?;
    Ok(())
}

async fn goods(query: CallbackQuery<Goods>, keys: State<Keys>) -> Result<Outcome, BoxError> {
    list(&keys, query.from().id, query.data().page)
        .show(&query)
        .await?;
    Ok(query.answer().await)
}

async fn offer(query: CallbackQuery<Offer>, stash: State<Stash>) -> Result<Outcome, BoxError> {
    let Offer { good, cents } = *query.data();
    let name = GOODS.get(usize::from(good)).map_or("It", |good| good.name);
    let purchase = stash
        .put(&Purchase { good, cents })
        .user(query.from().id)
        .keep(CONFIRM_WITHIN)
        .once()
        .await?;
    let question = format!("{name} for {}?", price(cents));
    Page::confirm(question, ("Buy", &purchase), ("No", &Cancel))
        .show(&query)
        .await?;
    Ok(query.answer().await)
}

async fn purchase(query: CallbackQuery<Purchase>, sales: State<Sales>) -> Result<Outcome, BoxError> {
    let Purchase { good, cents } = *query.data();
    sales.add(query.from().id, good, cents);
    let show = query.edit_text(format!("Sold for {}. Thank you!", price(cents)));
    let outcome = query.answer().text("It is yours.").await; // the button stops spinning here
    show.await?;
    Ok(outcome)
}

async fn cancel(query: CallbackQuery<Cancel>, keys: State<Keys>) -> Result<Outcome, BoxError> {
    list(&keys, query.from().id, 1).show(&query).await?;
    Ok(query.answer().await)
}

/// The bot's handlers. The keys seal offers; the stash keeps purchases until they are confirmed.
pub fn router(keys: Keys, stash: Stash) -> Router {
    Router::new()
        .command("shop", shop)
        .command("start", shop)
        .callback(goods)
        .callback(offer)
        .callback(purchase)
        .callback(cancel)
        .state(keys)
        .state(stash)
}

/// What a press is answered with that no handler got.
pub fn fallback(reason: ringback::Reason) -> &'static str {
    match reason {
        ringback::Reason::Refused => "This offer is somebody else's.",
        ringback::Reason::Outdated => "This offer is over. Send /shop for a new one.",
        ringback::Reason::Unclaimed | ringback::Reason::Malformed => "This button is out of date.",
        _ => "That did not work. Please try again.",
    }
}
