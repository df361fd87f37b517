"""What can be measured of how a page looks."""

CONTRAST = """(() => {
    const pen = Object.assign(document.createElement("canvas"), {width: 1, height: 1})
        .getContext("2d", {willReadFrequently: true});
    const rgb = (colors) => {
        pen.clearRect(0, 0, 1, 1);
        for (const color of colors) { pen.fillStyle = color; pen.fillRect(0, 0, 1, 1); }
        return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    };
    const light = (color) => color.map((one) => one / 255).map((one) =>
        one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
        .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
    const behind = (part) => part ? [...behind(part.parentElement),
        getComputedStyle(part).backgroundColor] : ["white"];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = {};
    while (texts.nextNode()) {
        const part = texts.currentNode.parentElement;
        if (!texts.currentNode.data.trim() || !part.checkVisibility() ||
            part.closest("script, option, .skip")) continue;
        const back = behind(part), front = getComputedStyle(part).color;
        const [a, b] = [light(rgb(back)), light(rgb([...back, front]))];
        const words = texts.currentNode.data.slice(0, 20);
        found[`${part.tagName}.${part.className} ${words}`] =
            (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }
    return found;
})()"""
