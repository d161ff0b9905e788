use ringback::{Answer, CallbackQuery, Outcome};

struct Shop;

#[ringback::handler]
fn not_async(query: CallbackQuery) -> Answer {
    query.answer()
}

#[ringback::handler]
async fn nothing() -> Result<(), std::io::Error> {
    Ok(())
}

impl Shop {
    #[ringback::handler]
    async fn method(&self, query: CallbackQuery) -> Outcome {
        query.answer().await
    }
}

#[ringback::handler(loudly)]
async fn arguments(query: CallbackQuery) -> Outcome {
    query.answer().await
}

fn main() {}
