use ringback::{CallbackQuery, Outcome};

async fn forgets_a_path(query: CallbackQuery) -> Outcome {
    if query.data() == Some("ping") {
        return query.answer().text("pong").await;
    }
}

fn main() {}
