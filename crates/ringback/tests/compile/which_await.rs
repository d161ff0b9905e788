use std::rc::Rc;

use ringback::{CallbackQuery, Outcome};

#[ringback::handler]
async fn which_await(query: CallbackQuery) -> Outcome {
    let text = Rc::new("Hello".to_owned());
    let outcome = query.answer().text(text.as_str()).await;
    drop(text);
    outcome
}

fn main() {}
