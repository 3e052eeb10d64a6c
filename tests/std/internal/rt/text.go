package rt



