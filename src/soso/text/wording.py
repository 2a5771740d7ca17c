"""What Taiwan and Hong Kong call by another word than the mainland: 軟體 and 软件 are one term.

Knows pairs of words in simplified characters; must not know where in a text they stand.

Applied to whole words after cutting, to posts and queries alike. Kept out on purpose are words that
are everyday words on the mainland with another or a wider meaning (智慧, 程序, 文件, 核心, 支援, 行程, 档案):
OpenCC replaces them, and 执行程序 would become 执行进程.
"""

from collections.abc import Callable, Mapping
from typing import Final

_PAIRS: Final = """
软体 软件  硬体 硬件  韧体 固件  网路 网络  网际网路 互联网  区域网路 局域网  资讯 信息  资讯科技 信息技术
程式 程序  程式码 代码  程式设计 程序设计  原始码 源码  伺服器 服务器  滑鼠 鼠标  萤幕 屏幕  荧幕 屏幕
记忆体 内存  硬碟 硬盘  光碟 光盘  磁碟 磁盘  印表机 打印机  列印 打印  影印机 复印机
位元 比特  位元组 字节  字元 字符  字串 字符串  档名 文件名  资料夹 文件夹  资料库 数据库  登入 登录
使用者 用户  预设 默认  设定 设置  搜寻 搜索  连结 链接  超连结 超链接  讯息 消息  简讯 短信  讯号 信号
视讯 视频  影片 视频  线上 在线  视窗 窗口  触控萤幕 触摸屏  介面 界面  解析度 分辨率  画素 像素
高画质 高清  宽频 宽带  频宽 带宽  晶片 芯片  积体电路 集成电路  电晶体 晶体管  人工智慧 人工智能
演算法 算法  最佳化 优化  扫描器 扫描仪  作业系统 操作系统  主机板 主板  显示卡 显卡  音效卡 声卡
骇客 黑客  防毒软体 杀毒软件  模组 模块  函式 函数  函式库 函数库  回圈 循环  除错 调试
快取 缓存  剪贴簿 剪贴板  选单 菜单  游标 光标  图示 图标  座标 坐标  向下相容 向下兼容  相容性 兼容性
笔记型电脑 笔记本电脑  智慧型手机 智能手机  行动电话 移动电话  行动支付 移动支付  行动装置 移动设备
部落格 博客  部落客 博主  网咖 网吧  贴文 帖子  按赞 点赞  相簿 相册  录影 录像  录影带 录像带
雷射 激光  专案 项目  数位相机 数码相机  数位化 数字化  物联网路 物联网  云端硬碟 网盘  虚拟实境 虚拟现实
矽谷 硅谷  矽胶 硅胶  奈米 纳米  太空梭 航天飞机  太空人 宇航员
机率 概率  爱滋病 艾滋病  忧郁症 抑郁症  超音波 超声波  摄护腺 前列腺  胺基酸 氨基酸  维他命 维生素
计程车 出租车  的士 出租车  脚踏车 自行车  电单车 摩托车  捷运 地铁  公车 公交车  手提电话 手机
泡面 方便面  凤梨 菠萝  马铃薯 土豆  优酪乳 酸奶  优格 酸奶  起司 奶酪  鲔鱼 金枪鱼  朱古力 巧克力
士多啤梨 草莓  三文治 三明治  幼稚园 幼儿园  冷气机 空调  冷气 空调  原子笔 圆珠笔  塑胶 塑料  三温暖 桑拿
纽西兰 新西兰  义大利 意大利  北韩 朝鲜  南韩 韩国  寮国 老挝  沙乌地阿拉伯 沙特阿拉伯  杜拜 迪拜  卡达 卡塔尔
肯亚 肯尼亚  奈及利亚 尼日利亚  克罗埃西亚 克罗地亚  衣索比亚 埃塞俄比亚  坎城 戛纳  川普 特朗普
欧巴马 奥巴马  普丁 普京  布希 布什  泽伦斯基 泽连斯基  马克宏 马克龙  柴契尔 撒切尔  宾士 奔驰
"""


def load_wording(
    cut: Callable[[str], list[str]], add_word: Callable[[str, int | None, str | None], object]
) -> Mapping[str, tuple[str, ...]]:
    """Return word -> the terms of the word it is indexed as, the whole word last.

    cut: search mode. add_word: teaches the cutter a word it would cut apart. Both sides of a pair
    must be one word to it, or the pair would hold in one sentence and not in another.
    """
    words = _PAIRS.split()
    pairs = dict(zip(words[::2], words[1::2], strict=True))
    for word in (*pairs.keys(), *pairs.values()):
        if cut(word)[-1] != word:
            add_word(word, None, None)
    return {here: tuple(cut(there)) for here, there in pairs.items()}


def wording_text() -> str:
    """Return the table as it stands, for the fingerprint."""
    return _PAIRS
