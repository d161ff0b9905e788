use ringback::{CallbackQuery, Router};

async fn forgets(query: CallbackQuery) {
    if query.data() == Some("ping") {
        let _ = query.answer().text("pong").await;
    }
}

fn main() {
    let _ = Router::new().callback(forgets);
}
