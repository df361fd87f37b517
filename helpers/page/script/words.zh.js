// All words of the page, in Chinese. A class may have any name, Chinese or Latin: it
// stands in “ ” or beside a sign, so that no blank is missing and none too many.

const LANGUAGE = "zh-CN";
const number = new Intl.NumberFormat(LANGUAGE);
const decimals = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 1 });

/** @type {(share: number) => string} a share never rounded to 0 or 100% */
function percent(share) {
  const rounded = decimals.format(100 * share);
  if (rounded === "100" && share < 1) return "99.9% 以上";
  if (rounded === "0" && share > 0) return "0.1% 以下";
  return `${rounded}%`;
}

/** @type {(names: string[], most?: number) => string} the first names, and how many more */
function some(names, most = 3) {
  const more = names.length - most;
  const first = names.slice(0, most).join("、");
  return more > 0 ? `${first}，还有 ${number.format(more)} 个` : first;
}

/** @type {typeof import("./words.en.js").words} */
export const words = {
  language: LANGUAGE,
  percent,
  // what stands in the page
  title: (name) => `这是什么？ · ${name}`,
  still: {
    skip: "跳到回答",
    promise: "你的图片不会离开这里：需要的一切都在本页之内，不会向任何人发送任何东西。",
    show: "给它看图片",
    drop: "把图片拖到这里，或者粘贴一张。",
    choose: "选择图片",
    folder: "选择文件夹",
    camera: "使用摄像头",
    stop: "停止",
    answer: "它的回答",
    nothingYet: "给它看一张图片，回答就会出现在这里。",
    wrong: "不对",
    really: "其实是什么？",
    newClass: "别的东西",
    newClassHint: "例如“杯子”",
    teach: "教它",
    forget: "别学这张",
    looks: "它在看哪里？",
    cancel: "取消",
    near: "它学过的图片里，最接近的几张",
    pictures: "你的图片",
    show_all: "全部",
    show_unknown: "可能都不是",
    show_taught: "教过的",
    filter: "显示",
    order: "顺序",
    order_came: "按加入的先后",
    order_doubt: "最没把握的在前",
    more: "显示更多",
    clear: "清空列表",
    classes: "它认识什么",
    addName: "新类别的名字",
    addDo: "添加",
    afresh: "从你自己的类别开始",
    afreshHint: "它会忘掉原来的类别，改学你的。点“撤销”，它原来会的就回来。",
    afreshNames: "至少两个类别的名字，每行一个",
    afreshDo: "开始",
    quality: "它有多准",
    undo: "撤销",
    keep: "把你教的留下来",
    save: "保存",
    saveHint: "一个给本页用的文件：存的是它学到的东西，不含图片本身。",
    load: "载入",
    loadHint: "你保存过的文件。点“撤销”，现在的内容就回来。",
    table: "导出标签",
    tableHint: "一张表，有 File Name 和 Label 两列，供 train_classifier 使用。",
    pack: "导出图片和标签",
    packHint: "一个 zip 压缩包：图片，旁边是那张表。",
    shoot: "拍照",
    close: "关闭",
    dismiss: "关闭这些消息",
  },
  about: (names) => `它能分辨：${some(names, 6)}。`,
  // starting
  starting: "正在准备……",
  ready: "准备好了。给它看一张图片吧。",
  failed: (why) =>
    `它无法在这个浏览器里启动（${why}）。请换用新版的 Chrome、Edge、Firefox 或 Safari。`,
  // answers
  says: (name, share) => `${name}，${percent(share)}`,
  tell: (picture, said) => `${picture}：${said}`,
  none: "可能都不是",
  noneWhy: "这张图片与它学过的不像。",
  nameless: "它学得还不够，什么也说不了。",
  needs: (names) => `这些类别一有图片，它就开始学习：${names.join("、")}。`,
  needsTwo: "只要有两个类别有了图片，它就开始学习。",
  taughtAs: (name) => `你教过它：“${name}”。它会从这张图片学习。`,
  heldAs: (name) =>
    `你教过它：“${name}”。这张留作测试：每个类别里，每五张留出一张。`,
  taughtShort: (name) => `教过：${name}`,
  like: (cosine) => `相似度 ${percent(Math.max(0, cosine))}`,
  pictureOf: (name) => `图片 ${name}`,
  // where it looks
  looksAt: (where, name, whole, then) =>
    `它看得最多的是${where}：“${name}”原来是 ${percent(whole)}，盖住那里，` +
    `就降到 ${percent(then)}。`,
  looksNowhere: (name, most) =>
    `没有哪一处能单独决定：不管盖住哪里，“${name}”最多降低 ${percent(most)}。`,
  looksGone: "图片本身不在这里：它被移动或删除了，或者来自保存的文件。请再给它看一次。",
  where: [
    ["左上方", "上方中间", "右上方"],
    ["左边", "中间", "右边"],
    ["左下方", "下方中间", "右下方"],
  ],
  // reading
  reading: (done, of) => `共 ${number.format(of)} 张图片，已读 ${number.format(done)} 张`,
  read: (n) => `${number.format(n)} 张图片有了回答。`,
  stopped: (n) => `已停止：还有 ${number.format(n)} 张图片没有看。`,
  again: (n) => `有 ${number.format(n)} 张早就在这里了。`,
  passed: (n) => `跳过了 ${number.format(n)} 个别的文件。`,
  noPictures: "里面没有图片（JPEG、PNG、WebP、GIF 或 BMP）。",
  problem: {
    broken: (name) => `${name} 已损坏，无法读取。请从原来的地方再复制一份。`,
    too_large: (name) => `${name} 太大：超过 8900 万像素或 400 MB。请缩小。`,
    unsupported: (name) =>
      `${name} 不是这个浏览器能读的图片。请另存为 JPEG 或 PNG。`,
    archive: (name) => `${name} 是压缩包。请先解压，再选择里面的图片。`,
  },
  moreProblems: (n) => `还有 ${number.format(n)} 条。`,
  // camera
  cameraMissing:
    "页面是作为文件打开的，这个浏览器不让它使用摄像头。在手机上，“选择图片”里就能拍照；" +
    "在别的设备上，请先拍好再选。",
  cameraDenied: "没有获准使用摄像头。请在浏览器的地址栏里允许。",
  cameraNone: "没有找到摄像头。请接上一个，或者选择图片。",
  cameraBusy: "现在用不了摄像头：可能有别的程序占用着。",
  cameraName: (n) => `拍照 ${n}.jpg`,
  pastedName: (n) => `粘贴 ${n}`,
  // classes
  counts: (train, test) =>
    `学了 ${number.format(train)} 张，留出 ${number.format(test)} 张`,
  addPictures: (name) => `添加“${name}”的图片`,
  addPicturesShort: "添加图片",
  name: {
    empty: () => "类别要有名字。",
    long: (name) => `名字最多 60 个字符，这个有 ${[...name].length} 个。请缩短。`,
    twice: (name) => `已经有“${name}”这个类别了。`,
    many: () => "最多二十个类别。请教已有的类别。",
  },
  fewNames: "至少要两个类别：每个名字单独写一行。",
  rule:
    "每个类别里，你教的图片每五张留出一张：从不用来学习，只用来检验回答得有多准。",
  // teaching
  teaching: "正在学习……",
  learned: (seconds) => `学好了，用了 ${decimals.format(seconds)} 秒。`,
  still_says: (name) =>
    `它还是说“${name}”：许多图片里的一张，分量很轻。再教它几张相似的。`,
  added: (name) => `“${name}”现在是一个类别了。教它几张图片吧。`,
  afreshDone: "可以教你的类别了：给每个类别添加一些图片。",
  undone: "已撤销。",
  nothingToUndo: "没有可以撤销的。",
  accuracy: (right, of, low, high) =>
    `${number.format(of)} 张里答对 ${number.format(right)} 张，即 ${percent(right / of)}；` +
    `换成同类的其他图片，下限 ${percent(low)}，上限 ${percent(high)}。`,
  byPython: "这是制作本页时数出来的，用的是它从没学过的图片。",
  noTest: "还没有留出图片，所以谁也不知道它有多准。",
  changeOf: (before, now, of) =>
    `留出的 ${number.format(of)} 张图片里，先前答对 ${number.format(before)} 张，` +
    `现在答对 ${number.format(now)} 张。`,
  mended: (names) => `现在对了：${some(names)}。`,
  spoiled: (names) => `现在错了：${some(names)}。`,
  // keeping
  saved: (file) =>
    `已保存为 ${file}，在你的下载文件夹里；如果已有同名文件，名字里会多一个编号。`,
  loaded: (n) => `已载入：${number.format(n)} 张教过的图片。`,
  loadedFrom: (page) =>
    `它是另一个页面（${page}）保存的：在那里教的，加进了这里认识的。`,
  load: {
    other: (file) => `${file} 不是这种页面保存的。请选择用“保存”写出的文件。`,
    newer: (file) => `${file} 是更新版本的页面保存的。请用那个页面打开。`,
    damaged: (file) => `${file} 已损坏，或者被改动过。请换一份副本。`,
    network: (file) =>
      `${file} 是用另一个网络的页面保存的；里面的数在这里没有意义。`,
    many: (file) =>
      `载入 ${file} 之后，类别会超过二十个。请到保存它的那个页面里载入。`,
  },
  nothingTaught: "还没有教过什么，所以没有可留的。",
  packing: "正在打包……",
  packed: (n) => `${number.format(n)} 张图片连同表格已经打包。`,
  packMissing: (n) =>
    `有 ${number.format(n)} 张图片来自保存的文件，没有打包：请再给它看一次，然后导出。`,
  packGone: "有一张图片在给它看过之后移动或删除了。请再给它看一次，然后导出。",
  packTooLarge: "总共超过 4 GB。请只导出表格，图片自己复制。",
  unsaved: "你教的还没有保存。",
  savedAll: "你教的都保存好了。",
};
