use std::rc::Rc;

use ringback::{CallbackQuery, Router};

fn main() {
    let text = Rc::new("Hello".to_owned());
    let _ = Router::new().callback(move |query: CallbackQuery| {
        let text = text.to_string();
        async move { query.answer().text(text).await }
    });
}
