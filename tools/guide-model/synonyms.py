"""Words that may stand for each other in a question without changing what is asked."""
import re

ENGLISH = [
    "how do i|how can i|how to|how do you|how would i|how should i|how does one|how could i", "delete|remove|erase|get rid of|throw away",
    "chat|conversation|dialogue|discussion", "chats|conversations|dialogues|threads", "answer|reply|response|output", "answers|replies|responses",
    "store|save|keep", "stored|saved|kept|held", "big|large", "bigger|larger", "smallest|tiniest|lightest", "fast|quick|quickly", "faster|quicker|speedier",
    "slow|sluggish|laggy", "app|application|program|site|web app|tool", "phone|smartphone|mobile|cell phone", "laptop|notebook|computer", "computer|pc|machine",
    "internet|network|web|connection|wifi", "offline|without internet|without a connection", "choose|pick|select|take|use", "which|what", "explain|describe|tell me about",
    "what is|what's|what does one mean by|what exactly is", "stop|halt|cancel|interrupt|abort", "start|begin|open", "show|display", "error|message|problem|warning",
    "private|confidential|secret", "anyone|somebody|someone|anybody", "see|read|view|look at", "find|locate|see", "get|obtain|receive", "file|document", "space|room|storage",
    "old|older|previous|earlier", "broken|damaged|corrupt|corrupted", "crashed|died|failed|broke down", "new|fresh|another", "installed|set up", "install|set up|put|add",
    "my data|my stuff|my information", "programming|coding|software development", "maths|math|mathematics", "recommend|suggest|advise", "good|great|suitable|right",
    "best|ideal|most suitable", "difference|differences", "mean|stand for", "is it possible to|can i|could i|may i|am i able to", "need|require", "work|run|function",
    "device|machine|computer", "screen|page|tab|section|view", "button|icon|control", "again|once more|one more time", "immediately|right away|now", "everything|all|all of it",
    "text|message|prompt|input", "folder|directory|place", "browser|web browser", "graphics card|gpu|video card", "hot|warm", "words|tokens", "why does|how come|why is", "want|would like|wish",
    "search|look|look up", "back up|save|export|archive", "restore|bring back|import|load", "really|actually|truly", "wrong|false|incorrect|not true",
]
CHINESE = [
    "怎么|如何|怎样|咋", "删除|删掉|移除|去掉|清除", "对话|聊天|会话|聊天记录", "为什么|为啥|怎么|为何", "什么|啥|什么样的", "可以|能|能够|可不可以", "吗|么|嘛", "电脑|计算机|笔记本",
    "保存|存储|存|储存", "网络|网|互联网|连网", "没有|没|无", "回答|答案|回复|答复", "很|非常|特别|太|好", "想|要|想要", "看到|看见|看", "需要|要|得", "应用|软件|程序|app|网页",
    "哪个|哪一个|什么", "是什么|是啥|是什么意思|指什么", "停止|停下|中止|停", "开始|新建|开", "慢|卡|迟缓", "快|迅速", "推荐|建议", "适合|合适|好用", "区别|不同|差别|差异",
    "安装|装|下载安装", "手机|移动设备|手机端", "介绍一下|说说|讲讲|解释一下", "怎么办|怎么处理|怎么解决|咋办|如何解决", "在哪里|在哪|在哪儿|哪里", "显示|提示|出现|弹出", "页面|界面|屏幕|那一页",
    "按钮|按键|图标", "空间|存储空间|地方|容量", "编程|写代码|写程序|开发", "错误|问题|报错", "所有|全部|一切", "使用|用", "离线|断网|没网", "崩溃|挂|闪退|死掉", "文件|档案",
    "备份|导出|保存", "旧|老|以前的|之前的", "重新|再|再次", "找到|查找|找", "数据|信息|资料", "请问|想问|问一下", "自己的|我的|本地的", "模型|模型文件", "真的|确实|的确", "便宜|省",
]


def table(groups):
    entries = {}
    for group in groups:
        words = group.split("|")
        for word in words:
            entries.setdefault(word, []).extend(w for w in words if w != word)
    return entries


EN_TABLE, ZH_TABLE = table(ENGLISH), table(CHINESE)
EN_PATTERN = re.compile(r"\b(" + "|".join(sorted(map(re.escape, EN_TABLE), key=len, reverse=True)) + r")\b", re.IGNORECASE)
ZH_PATTERN = re.compile("|".join(sorted(map(re.escape, ZH_TABLE), key=len, reverse=True)), re.IGNORECASE)


def replace(text, language, rng, share):
    """Each known word is replaced with probability `share`."""
    entries, pattern = (EN_TABLE, EN_PATTERN) if language == "en" else (ZH_TABLE, ZH_PATTERN)
    return pattern.sub(lambda m: rng.choice(entries[m.group().lower()]) if rng.random() < share else m.group(), text)
