/** A question as people ask it, of about three hundred tokens, for the part of the benchmark that goes the way of a chat. */
export const chatPrompt = `I am planning a small vegetable garden behind our house and would like your advice before I buy anything.
The bed is about four metres long and one and a half metres wide. It gets sun from late morning until the evening, but the end
near the fence lies in shade for most of the day. The soil is heavy and stays wet for a long time after rain. Last year I tried
tomatoes, carrots and lettuce. The tomatoes grew well but cracked in August, the carrots stayed short and forked, and the lettuce
was eaten by slugs within a week. We are two adults and one child, and we cook at home on most days, so I would rather have a
little of many things than a lot of one. I can spend perhaps three hours a week on it, mostly at weekends, and I am away for two
weeks in July. There is a rain barrel, but no tap nearby. I do not want to use any poison, and I would like to keep the costs
low. My neighbour says that raised beds solve everything, but I am not sure that they are worth the wood and the soil they take.
A friend told me about growing several plants together, so that they protect each other, and I find that idea interesting.
Please tell me, in a few paragraphs, which vegetables you would choose for the sunny part and which for the shade, what I should
do to the soil before spring, how I can keep the slugs away, and how the garden can survive the two weeks in July without me.`;

export const chatTokens = 128;
