"""How a conversation becomes tokens. The chat template of the GGUF file renders exactly the same text."""
from sums import without_thinking

CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' }}"
    "{% if message['role'] == 'assistant' and '</think>' in message['content'] %}"
    "{{ message['content'].split('</think>')[-1].lstrip('\\n') }}"
    "{% else %}{{ message['content'] }}{% endif %}"
    "{{ '<|im_end|>\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


class Conversation:
    """Collects ids; for each id what the model has to learn there ({token: chance}, or None for what is only read), and in a
    question the chance of each topic."""

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.start, self.end = tokenizer.ids["<|im_start|>"], tokenizer.ids["<|im_end|>"]
        self.role = {r: tokenizer.encode(r + "\n") for r in ("user", "assistant")}
        self.newline = tokenizer.encode("\n")
        self.ids, self.targets, self.topics = [], [], []

    def put(self, ids, targets=(), topics=None):
        """`targets` are those of the first ids."""
        self.ids += ids
        self.targets += [*targets, *[None] * (len(ids) - len(targets))]
        self.topics += [topics] * len(ids)

    def message(self, role, content_ids, targets=(), topics=None):
        self.put([self.start] + self.role[role])
        self.put(content_ids, targets, topics)
        self.put([self.end] + self.newline, topics=topics)

    def prompt(self, turns, question):
        """Earlier (question, answer) turns and a new question, up to where the answer begins."""
        for asked, answered in turns:
            self.message("user", self.tokenizer.encode(asked))
            self.message("assistant", self.tokenizer.encode(without_thinking(answered)))
        self.message("user", self.tokenizer.encode(question))
        self.put([self.start] + self.role["assistant"])
        return self.ids
