"""Real windows of other people's style: what is typed, clicked and read, from outside."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest
from gui_stage import PATIENCE_S, Stage, soon

from harness.deadline import Deadline
from harness.gui.hands import MOST_AT_ONCE
from harness.gui.sights import button_of, entry_of, shows
from harness.gui.tksend import decoded, encoded
from harness.gui.widgets import BUTTONS, ENTRIES, LISTS, parse
from harness.gui.window import NoWindow

Start = Callable[..., subprocess.Popen[str]]
CHAT = """
    lista = tk.Listbox(root); lista.pack()
    campo = tk.Entry(root, width=60); campo.pack()
    def enviar(evento=None):
        lista.insert('end', campo.get()); campo.delete(0, 'end')
    tk.Button(root, text='Enviar', command=enviar).pack()
    campo.bind('<Return>', enviar)
"""
TEXTS = [
    "bom dia",
    "TUDO em Maiúsculas & símbolos: {[<>]}|\\\\~^`§",
    "ação, coração, São João, naïve, übergröße, ñandú",
    "“aspas” e 'apóstrofos', 10 € \u2013 travessão… \U0001f642\U0001f680",
    "$tcl [exit] ; {não} \\\\n #",
]


def listed(stage: Stage) -> tuple[str, ...]:
    return stage.one(*LISTS).lines


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_typed_is_what_the_entry_holds(stage: Stage, program: Start, text: str) -> None:
    program(CHAT)
    stage.fill(text)


def test_enter_and_a_click_are_those_of_a_person(stage: Stage, program: Start) -> None:
    program(CHAT)
    stage.fill("com a tecla")
    stage.window.enter()
    stage.sees(lambda tree: tree.of(*LISTS)[0].lines == ("com a tecla",))
    stage.fill("com o botão")
    click_send(stage)
    stage.sees(lambda tree: tree.of(*LISTS)[0].lines == ("com a tecla", "com o botão"))
    assert stage.one(*ENTRIES).text == ""


def click_send(stage: Stage) -> None:
    button = button_of(stage.sees(lambda tree: True), " ENVIAR ")
    assert button
    stage.window.click(button)


def test_what_an_entry_held_before_is_replaced(stage: Stage, program: Start) -> None:
    program(CHAT + "    campo.insert(0, 'Digite aqui...')")
    stage.fill("oi")


def test_more_new_characters_than_there_are_keys_are_typed_in_turns(
    stage: Stage, program: Start
) -> None:
    program(CHAT)
    for start in range(0x400, 0x400 + 240, 24):
        text = "".join(map(chr, range(start, start + 24)))
        stage.fill(text)


@pytest.mark.parametrize("times", [30, pytest.param(300, marks=pytest.mark.deep)])
def test_a_long_text_is_typed_in_chunks_that_are_short(
    stage: Stage, program: Start, times: int
) -> None:
    program(CHAT)
    text = "ação e reação " * times
    stage.fill(text)
    chunks = list(stage.window.hands.chunks(text))
    assert "".join(chunks) == text
    assert max(map(len, chunks)) == MOST_AT_ONCE


def test_rows_are_read_as_they_are_whatever_is_in_them(stage: Stage, program: Start) -> None:
    rows = ["", "  dois  ", "{", "a\\b", "[exit]", "\U0001f642", "nul\0", "fim de\nlinha", '"']
    program(CHAT + f"    lista.insert('end', *{rows!r})")
    assert list(listed(stage)) == [row.replace("\0", "\u2400") for row in rows]


def test_every_kind_of_widget_is_found_by_its_class(stage: Stage, program: Start) -> None:
    program("""
        ttk.Entry(root).pack()
        ttk.Button(root, text='Ok').pack()
        tk.Text(root).pack()
        hidden = tk.Listbox(root)
        root.title('Meu chat')
    """)
    tree = stage.sees(lambda tree: len(tree.of("Text")) == 1)
    assert [len(tree.of(*kinds)) for kinds in (ENTRIES, BUTTONS, LISTS)] == [1, 1, 0]
    assert tree.titles == {".": "Meu chat"}
    assert entry_of(tree) == tree.of("TEntry")[0]


def test_a_window_that_sleeps_does_not_answer_and_does_again(stage: Stage, program: Start) -> None:
    program(CHAT + "    import time\n    campo.bind('<Return>', lambda e: time.sleep(1.5))")
    stage.window.click(stage.one(*ENTRIES))
    stage.window.enter()
    with pytest.raises(NoWindow, match=r"did not answer within 0\.3 s"):
        keep_looking(stage, 0.3)
    assert stage.window.look(soon()).of(*LISTS)


def keep_looking(stage: Stage, seconds: float) -> None:
    """Look until there is no answer."""
    while True:
        stage.window.look(Deadline.after(seconds))


def test_where_there_is_no_window_nothing_answers(stage: Stage) -> None:
    with pytest.raises(NoWindow, match=r"no Tk window came up within 0\.2 s"):
        stage.window.look(Deadline.after(0.2))


def test_whoever_was_killed_does_not_answer_for_another(stage: Stage, program: Start) -> None:
    killed = program(CHAT)
    stage.one(*LISTS)
    killed.kill()
    killed.wait()
    stage.window._application = None
    program(CHAT + "    lista.insert('end', 'segundo')")
    assert listed(stage) == ("segundo",)


@pytest.mark.parametrize("source", [CHAT, "    root.destroy(); raise SystemExit"])
def test_nobody_waits_for_a_program_that_has_ended(
    stage: Stage, program: Start, source: str
) -> None:
    process = program(source)
    if source == CHAT:
        stage.one(*LISTS)
        process.kill()
    stage.window.has_ended = lambda: process.poll() is not None
    deadline = soon()
    with pytest.raises(NoWindow, match="the client ended"):
        stage.window.look(deadline)
    assert not deadline.passed


def test_a_dialog_lies_in_front_and_has_the_keys(stage: Stage, program: Start) -> None:
    process = program(
        CHAT
        + """
    def perguntar():
        print(simpledialog.askstring('Nome', 'Seu nome?'), flush=True)
        root.destroy()
    root.after(50, perguntar)
    """
    )
    tree = stage.sees(lambda tree: any(entry_of(tree, each.path) for each in tree.dialogs()))
    (dialog,) = tree.dialogs()
    assert tree.titles[dialog.path] == "Nome"
    entry = entry_of(tree, dialog.path)
    assert entry
    stage.window.replace(entry, "José", PATIENCE_S)
    stage.window.enter()
    assert process.communicate(timeout=20)[0] == "José\n"


def test_a_message_box_is_read_and_answered(stage: Stage, program: Start) -> None:
    process = program("""
        root.after(50, lambda: (print(messagebox.askretrycancel('Erro', 'Sem conexão')), exit()))
    """)
    tree = stage.sees(lambda tree: len(tree.of(*BUTTONS)) == 2)
    (dialog,) = tree.dialogs()
    assert "Sem conexão" in {widget.text for widget in tree.widgets}
    retry = next(w for w in tree.of(*BUTTONS, toplevel=dialog.path) if w.path.endswith(".retry"))
    stage.window.click(retry)
    assert process.communicate(timeout=20)[0] == "True\n"


def test_the_last_row_in_view_is_told_by_the_list(stage: Stage, program: Start) -> None:
    program(CHAT + "    lista.insert('end', *map(str, range(100)))")
    assert stage.one(*LISTS).view[0] == 0.0
    assert stage.one(*LISTS).view[1] < 0.2


@pytest.mark.parametrize("text", ["", "oi", "ação", "\U0001f642", "a\0b", "\uffff", "\ud800x"])
def test_texts_are_those_of_tcl_there_and_back(text: str) -> None:
    assert decoded(encoded(text)) == text.replace("\ud800", "\ufffd")


@pytest.mark.parametrize("answer", ["", "{", "1 2 3", "a b c d e", "1 . {} {} {{x y}}"])
def test_what_is_no_answer_of_a_window_is_told_as_such(answer: str) -> None:
    with pytest.raises(ValueError, match="not an answer of a Tk window"):
        parse(answer)


def test_a_long_text_is_pasted_as_it_is(stage: Stage, program: Start) -> None:
    program(CHAT + "    campo.insert(0, 'Digite aqui...')")
    text = "ação, “aspas” e \U0001f642; " * 100
    entry = stage.one(*ENTRIES)
    stage.window.paste(entry, text)
    stage.sees(lambda tree: shows(tree, entry, text))


def test_a_window_that_takes_the_place_of_another_is_found(stage: Stage, program: Start) -> None:
    program("""
        tk.Label(root, text='primeira').pack()
        root.after(300, root.destroy)
        root.mainloop()
        root = tk.Tk()
        tk.Label(root, text='segunda').pack()
    """)
    stage.sees(lambda tree: any(widget.text == "primeira" for widget in tree.widgets))
    stage.sees(lambda tree: any(widget.text == "segunda" for widget in tree.widgets))
