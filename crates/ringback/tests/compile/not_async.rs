use ringback::{Answer, CallbackQuery, Router};

fn not_async(query: CallbackQuery) -> Answer {
    query.answer().text("Hello")
}

fn main() {
    let _ = Router::new().callback(not_async);
}
