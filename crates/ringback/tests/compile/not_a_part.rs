use ringback::CallbackData;

struct Money(u64);

#[derive(CallbackData)]
#[callback_data(prefix = "buy")]
struct Buy {
    price: Money,
}

fn main() {}
